package dev.slackline.backend.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads some of a stream without taking anything out of it: through a consumer that lasts for that long. */
final class Reading {

    private static final int AT_ONCE = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final Duration LEFT_BEHIND = Duration.ofSeconds(30);

    private Reading() {}

    /** At most so many messages of these subjects, from this sequence on. Waits for the server. */
    static List<Message> of(Session session, Failures failures, String stream, String subjects, long from, int limit) {
        try {
            JetStreamSubscription reader = session.connection()
                    .jetStream()
                    .subscribe(
                            subjects,
                            PullSubscribeOptions.builder().stream(stream)
                                    .configuration(ConsumerConfiguration.builder()
                                            .ackPolicy(AckPolicy.None)
                                            .deliverPolicy(DeliverPolicy.ByStartSequence)
                                            .startSequence(from)
                                            .inactiveThreshold(LEFT_BEHIND)
                                            .memStorage(true)
                                            .numReplicas(1)
                                            .build())
                                    .build());
            try {
                return read(reader, (int) Math.min(reader.getConsumerInfo().getNumPending(), limit));
            } finally {
                String name = reader.getConsumerName();
                reader.unsubscribe();
                session.api().deleteConsumer(stream, name);
            }
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw failures.consume("the stream " + stream + " cannot be read: " + e.getMessage(), true, e);
        }
    }

    private static List<Message> read(JetStreamSubscription reader, int count) {
        List<Message> read = new ArrayList<>(count);
        while (read.size() < count) {
            List<Message> some = reader.fetch(Math.min(AT_ONCE, count - read.size()), PATIENCE);
            if (some.isEmpty()) { // the rest was dropped meanwhile
                break;
            }
            read.addAll(some);
        }
        return read;
    }
}
