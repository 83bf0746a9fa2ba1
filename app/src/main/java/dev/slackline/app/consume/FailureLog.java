package dev.slackline.app.consume;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.QueueListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs which deliveries failed, by their ids alone: reasons may quote what a handler said of the payload. */
public final class FailureLog implements QueueListener {

    private static final Logger log = LoggerFactory.getLogger(FailureLog.class);

    @Override
    public void settled(String group, Delivery delivery, Outcome outcome) {
        String id = delivery.message().id();
        switch (outcome) {
            case DEAD_LETTERED ->
                log.warn(
                        "a message became a dead letter; 'slackline dead show' tells why group={} id={} attempt={}",
                        group,
                        id,
                        delivery.attempt());
            case RETRIED ->
                log.info(
                        "a message failed and will be retried group={} id={} attempt={}",
                        group,
                        id,
                        delivery.attempt());
            case STALE -> log.warn("a message was settled too late and somebody else has it group={} id={}", group, id);
            case ACKED, RELEASED -> {}
        }
    }
}
