package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.Channel;
import dev.slackline.queue.Settlement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What a channel brought and the broker waits to hear of, in the order of arrival, and the answers that are not written
 * yet. {@link #write} is called by one thread at a time, the rest by any.
 */
final class Unsettled {

    /** One answer. */
    record Answer(RabbitMqDelivery delivery, boolean ack, CompletableFuture<Settlement> told) {}

    private final Map<Long, RabbitMqDelivery> deliveries = new LinkedHashMap<>(); // guarded by itself
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

    void add(RabbitMqDelivery delivery) {
        synchronized (deliveries) {
            deliveries.put(delivery.tag(), delivery);
        }
    }

    CompletableFuture<Settlement> answer(RabbitMqDelivery delivery, boolean ack) {
        Answer answer = new Answer(delivery, ack, new CompletableFuture<>());
        answers.add(answer);
        return answer.told();
    }

    boolean isEmpty() {
        synchronized (deliveries) {
            return deliveries.isEmpty();
        }
    }

    boolean hasAnswers() {
        return !answers.isEmpty();
    }

    Collection<RabbitMqDelivery> all() {
        synchronized (deliveries) {
            return List.copyOf(deliveries.values());
        }
    }

    /** Takes the answers that wait. */
    List<Answer> take() {
        List<Answer> taken = new ArrayList<>();
        for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
            taken.add(answer);
        }
        return taken;
    }

    /**
     * Writes answers, and waits until the channel has taken them: an acknowledgement has no reply of its own, but the
     * broker works off what a channel says in its order.
     */
    void write(Channel channel, List<Answer> taken) throws IOException {
        for (Answer answer : taken) {
            if (!answer.ack()) {
                remove(answer.delivery());
                channel.basicNack(answer.delivery().tag(), false, true);
            }
        }
        for (Answer answer : taken) {
            if (answer.ack()) {
                answer.delivery().markAcked();
            }
        }
        long upTo = removeAckedInFront();
        if (upTo > 0) {
            channel.basicAck(upTo, true); // everything before it is settled, or is settled by this
        }
        for (Answer answer : taken) {
            if (answer.ack() && answer.delivery().tag() > upTo) {
                remove(answer.delivery());
                channel.basicAck(answer.delivery().tag(), false);
            }
        }
        channel.basicQos(1);
    }

    /** @return the tag of the last of them, or 0 if the oldest is not acknowledged */
    private long removeAckedInFront() {
        long upTo = 0;
        synchronized (deliveries) {
            Iterator<RabbitMqDelivery> oldest = deliveries.values().iterator();
            while (oldest.hasNext()) {
                RabbitMqDelivery next = oldest.next();
                if (!next.isAcked()) {
                    break;
                }
                upTo = next.tag();
                oldest.remove();
            }
        }
        return upTo;
    }

    private void remove(RabbitMqDelivery delivery) {
        synchronized (deliveries) {
            deliveries.remove(delivery.tag());
        }
    }

    /** Takes everything: the channel is gone. */
    Collection<RabbitMqDelivery> clear() {
        synchronized (deliveries) {
            List<RabbitMqDelivery> all = List.copyOf(deliveries.values());
            deliveries.clear();
            return all;
        }
    }
}
