package dev.slackline.queue;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a listener throws away from the queue. */
final class SafeListener implements QueueListener {

    private static final Logger log = LoggerFactory.getLogger(SafeListener.class);

    private final QueueListener listener;

    SafeListener(QueueListener listener) {
        this.listener = listener;
    }

    @Override
    public void published(Message message, Duration took) {
        safely(() -> listener.published(message, took));
    }

    @Override
    public void publishFailed(Message message, QueueException cause, Duration took) {
        safely(() -> listener.publishFailed(message, cause, took));
    }

    @Override
    public void settled(String group, Delivery delivery, Outcome outcome) {
        safely(() -> listener.settled(group, delivery, outcome));
    }

    @Override
    public void interrupted(String group, Throwable cause) {
        safely(() -> listener.interrupted(group, cause));
    }

    @Override
    public void resumed(String group) {
        safely(() -> listener.resumed(group));
    }

    private static void safely(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            log.warn("a queue listener failed", e);
        }
    }
}
