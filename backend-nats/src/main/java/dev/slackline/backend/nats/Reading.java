package dev.slackline.backend.nats;

import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.Subscription;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads some of a stream without taking anything out of it: through a consumer that lasts for that long. */
final class Reading {

    /** For the next message, or to hear that there is none. */
    private static final Duration PATIENCE = Duration.ofMillis(1500);

    /** Of a request whose messages somebody else deletes meanwhile the server may say nothing at all. */
    private static final int ATTEMPTS = 3;

    private static final Duration LEFT_BEHIND = Duration.ofSeconds(30);

    private Reading() {}

    /** At most so many messages of these subjects, from this sequence on. Waits for the server. */
    static List<Message> of(Session session, Failures failures, String stream, String subjects, long from, int limit) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<List<Message>> read = attempt(session, failures, stream, subjects, from, limit);
            if (read.isPresent()) {
                return read.get();
            }
        }
        throw failures.consume("the stream " + stream + " cannot be read: no answer", true, null);
    }

    private static Optional<List<Message>> attempt(
            Session session, Failures failures, String stream, String subjects, long from, int limit) {
        String consumer = session.api()
                .createConsumer(
                        stream,
                        ConsumerConfiguration.builder()
                                .filterSubject(subjects)
                                .ackPolicy(AckPolicy.None)
                                .deliverPolicy(DeliverPolicy.ByStartSequence)
                                .startSequence(from)
                                .inactiveThreshold(LEFT_BEHIND)
                                .memStorage(true)
                                .numReplicas(1)
                                .build())
                .getName();
        String inbox = "_INBOX." + NUID.nextGlobal();
        Subscription answers = session.connection().subscribe(inbox);
        try {
            session.connection()
                    .publish(
                            "$JS.API.CONSUMER.MSG.NEXT." + stream + "." + consumer,
                            inbox,
                            ("{\"batch\":" + limit + ",\"no_wait\":true}").getBytes(StandardCharsets.US_ASCII));
            return read(answers, failures, stream, limit);
        } finally {
            answers.unsubscribe();
            session.api().deleteConsumer(stream, consumer);
        }
    }

    /** Empty if the server falls silent. */
    private static Optional<List<Message>> read(Subscription answers, Failures failures, String stream, int limit) {
        List<Message> read = new ArrayList<>();
        try {
            while (read.size() < limit) {
                Message next = answers.nextMessage(PATIENCE);
                if (next == null) {
                    return Optional.empty();
                }
                if (next.isStatusMessage()) { // there are no more
                    break;
                }
                read.add(next);
            }
            return Optional.of(read);
        } catch (IllegalStateException e) {
            throw failures.consume("the stream " + stream + " cannot be read: " + e.getMessage(), true, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.consume("interrupted while reading the stream " + stream, true, e);
        }
    }
}
