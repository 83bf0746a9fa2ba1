package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Return;
import dev.slackline.queue.QueueException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The one channel on which a connection publishes, with every message confirmed and none dropped for want of a queue.
 * {@link #send} is called by one thread, the rest by any.
 */
final class PublishChannel {

    private final Connection connection;
    private final Frames frames;
    private final Channel channel;
    private final Threads threads;
    private final Failures failures;
    /** What is not confirmed yet, in the order of sending. Guarded by itself. */
    private final Map<Long, Publish> unconfirmed = new LinkedHashMap<>();

    private boolean ended; // guarded by unconfirmed

    PublishChannel(Connection connection, Threads threads, Failures failures) throws IOException {
        this.connection = connection;
        this.frames = Frames.of(connection);
        this.channel = Objects.requireNonNull(connection.createChannel(), "no channel is free");
        this.threads = threads;
        this.failures = failures;
        channel.confirmSelect();
        channel.addReturnListener(this::returned);
        channel.addConfirmListener(
                (number, multiple) -> confirmed(number, multiple, true),
                (number, multiple) -> confirmed(number, multiple, false));
    }

    Connection connection() {
        return connection;
    }

    Channel channel() {
        return channel;
    }

    /**
     * Sends a message, at the latest with {@link #sendAll()}; what comes of it is told later. Throws if the channel must
     * not be used any more.
     */
    void send(Publish publish) throws IOException {
        synchronized (unconfirmed) {
            if (ended) {
                threads.addResult(publish.failed(failures.publish("the connection was lost", true, null)));
                return;
            }
            unconfirmed.put(channel.getNextPublishSeqNo(), publish);
        }
        frames.gather();
        channel.basicPublish(
                publish.exchange, publish.routingKey, true, publish.packed.properties(), publish.packed.body());
    }

    /** Everything goes out now. Throws if the channel must not be used any more. */
    void sendAll() throws IOException {
        frames.sendAll();
    }

    /** The channel is gone: what is not confirmed may or may not have been stored. */
    void end(QueueException why) {
        List<Publish> unknown;
        synchronized (unconfirmed) {
            ended = true;
            unknown = List.copyOf(unconfirmed.values());
            unconfirmed.clear();
        }
        boolean retryable = !Failures.refused(why);
        String what = retryable ? "it is not known whether the broker has it: " : "the broker refuses it: ";
        for (Publish publish : unknown) {
            threads.addResult(publish.failed(failures.publish(what + why.getMessage(), retryable, why)));
        }
        threads.tell();
    }

    private void confirmed(long number, boolean multiple, boolean stored) {
        List<Publish> done = new ArrayList<>();
        synchronized (unconfirmed) {
            if (multiple) {
                Iterator<Map.Entry<Long, Publish>> oldest =
                        unconfirmed.entrySet().iterator();
                while (oldest.hasNext()) {
                    Map.Entry<Long, Publish> next = oldest.next();
                    if (next.getKey() > number) {
                        break;
                    }
                    done.add(next.getValue());
                    oldest.remove();
                }
            } else {
                Publish one = unconfirmed.remove(number);
                if (one != null) {
                    done.add(one);
                }
            }
        }
        for (Publish publish : done) {
            threads.addResult(outcome(publish, stored));
        }
        threads.tell();
    }

    private Publish outcome(Publish publish, boolean stored) {
        if (!stored) {
            return publish.failed(failures.publish(
                    "the broker refuses it; a queue may be full, or its nodes not available", true, null));
        }
        if (publish.returned) {
            return publish.failed(failures.publish(
                    publish.exchange.isEmpty()
                            ? "there is no queue " + publish.routingKey + "; its group may have been dropped"
                            : "no group is declared, so nobody would ever get this message; declare one",
                    false,
                    null));
        }
        return publish;
    }

    /** Comes before the confirmation. Every one that it may be is marked: better a failure too many than a loss. */
    private void returned(Return message) {
        if (message.getReplyCode() != AMQP.NO_ROUTE) {
            return;
        }
        synchronized (unconfirmed) {
            for (Publish publish : unconfirmed.values()) {
                if (publish.routingKey.equals(message.getRoutingKey())
                        && Objects.equals(
                                publish.packed.properties().getMessageId(),
                                message.getProperties().getMessageId())) {
                    publish.returned = true;
                }
            }
        }
    }
}
