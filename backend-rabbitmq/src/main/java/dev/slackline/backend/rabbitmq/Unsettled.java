package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.Channel;
import dev.slackline.queue.Settlement;
import java.io.IOException;
import java.time.Duration;
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

    /** Half of what the broker hands on at once. */
    private static final int AT_ONCE = 16;

    static final Duration WORKED_OFF = Duration.ofMillis(500);

    private final Map<Long, RabbitMqDelivery> deliveries = new LinkedHashMap<>(); // guarded by itself
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private volatile int commands; // only changed by the thread that writes
    private volatile long lastWriteNanos = System.nanoTime();

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

    /** Whether an answer that waits gives a message back. */
    boolean isGivingBack() {
        return answers.stream().anyMatch(answer -> !answer.ack());
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
        int written = 0;
        for (Answer answer : taken) {
            if (!answer.ack()) {
                remove(answer.delivery());
                channel.basicNack(answer.delivery().tag(), false, true);
                written++;
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
            written++;
        }
        for (Answer answer : taken) {
            if (answer.ack() && answer.delivery().tag() > upTo) {
                remove(answer.delivery());
                channel.basicAck(answer.delivery().tag(), false);
                written++;
            }
        }
        channel.basicQos(1);
        long now = System.nanoTime();
        commands = now - lastWriteNanos > WORKED_OFF.toNanos() ? written : commands + written;
        lastWriteNanos = now;
    }

    /**
     * Whether the broker may still keep answers in the memory of the channel, and would forget them if that were closed: it
     * hands only so many to a quorum queue before it hears of the first.
     */
    boolean isWorkedOff() {
        return commands < AT_ONCE || System.nanoTime() - lastWriteNanos > WORKED_OFF.toNanos();
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
