package dev.slackline.backend.nats;

import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.ServerInfo;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams and consumers of a topic: as they must be, made where they are missing, refused where they endanger messages. */
final class Topology {

    private static final Logger log = LoggerFactory.getLogger(Topology.class);
    private static final String OLDEST_SERVER = "2.9.0";
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(6);
    /** More than are ever unsettled, delayed ones included; the library takes "no bound" for "not given". */
    private static final long MOST_UNSETTLED = 1_000_000;

    private static final long ROOM_FOR_HEADERS = 4096;

    private final Names names;
    private final NatsSettings settings;
    private final QueueSettings queue;
    private final Failures failures;
    private boolean warned; // only touched while a connection is prepared

    Topology(Names names, NatsSettings settings, QueueSettings queue, Failures failures) {
        this.names = names;
        this.settings = settings;
        this.queue = queue;
        this.failures = failures;
    }

    /**
     * Sees to it that the streams are there.
     *
     * @return whether the one that lists the groups had to be made
     * @throws QueueException not retryable, if the server or a stream is not fit for messages that must not be lost
     */
    boolean prepare(Session session) {
        checkServer(session);
        Streams streams = new Streams(names, settings, queue, failures, session.api());
        streams.prepareMessages();
        streams.prepareDead();
        return streams.prepareState();
    }

    private void checkServer(Session session) {
        ServerInfo server = session.connection().getServerInfo();
        if (server.isOlderThanVersion(OLDEST_SERVER)) {
            throw failures.connection(
                    "the server is NATS " + server.getVersion() + "; " + OLDEST_SERVER + " or newer is needed",
                    false,
                    null);
        }
        if (!warned && server.getMaxPayload() < queue.maxPayload() + ROOM_FOR_HEADERS) {
            warned = true;
            log.warn(
                    "the server takes messages of {} bytes with their headers, and {} allows {}: larger ones will be refused;"
                            + " raise max_payload in the configuration of the server",
                    server.getMaxPayload(),
                    QueueSettings.MAX_PAYLOAD.name(),
                    queue.maxPayload());
        }
    }

    /** Makes the consumer of a new group. */
    ConsumerInfo create(Session session, String group) {
        return session.api()
                .createConsumer(
                        names.messages(),
                        consumer(group)
                                .deliverPolicy(
                                        queue.groupStart() == QueueSettings.Start.EARLIEST
                                                ? DeliverPolicy.All
                                                : DeliverPolicy.New)
                                .build());
    }

    /** Makes the consumer of a group anew that the server has lost, from this sequence on. */
    ConsumerInfo restore(Session session, String group, long from) {
        return session.api()
                .createConsumer(
                        names.messages(),
                        consumer(group)
                                .deliverPolicy(DeliverPolicy.ByStartSequence)
                                .startSequence(from)
                                .build());
    }

    /**
     * Checks a consumer that is there.
     *
     * @throws QueueException if it is of another kind
     */
    ConsumerInfo adopt(Session session, ConsumerInfo found) {
        ConsumerConfiguration is = found.getConsumerConfiguration();
        List<String> problems = new ArrayList<>();
        if (is.getDeliverSubject() != null) {
            problems.add("it pushes");
        }
        if (is.getAckPolicy() != AckPolicy.Explicit) {
            problems.add("its ack policy is not explicit");
        }
        if (is.hasMultipleFilterSubjects()
                || (is.getFilterSubject() != null && !is.getFilterSubject().isEmpty())) {
            problems.add("it filters");
        }
        if (is.isHeadersOnly()) {
            problems.add("it delivers headers only");
        }
        if (!problems.isEmpty()) {
            throw failures.consume(
                    "the consumer " + found.getName() + " of stream " + names.messages() + " is none of ours ("
                            + String.join(", ", problems)
                            + "); delete it with 'nats consumer rm', or choose another group or "
                            + NatsSettings.STREAM.name(),
                    false,
                    null);
        }
        if (is.getMaxDeliver() > 0) { // then the server would silently stop to deliver a message
            return session.api()
                    .createConsumer(
                            names.messages(),
                            ConsumerConfiguration.builder(is).maxDeliver(-1).build());
        }
        return found;
    }

    private ConsumerConfiguration.Builder consumer(String group) {
        return ConsumerConfiguration.builder()
                .durable(group)
                .description("a group of Slackline")
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(ackWait())
                .maxAckPending(MOST_UNSETTLED);
    }

    /**
     * For how long the server waits for a sign of life. Shorter than a long lease, so that what a dead consumer held comes
     * back soon; the client sends such signs as long as the lease goes on.
     */
    private Duration ackWait() {
        Duration lease = queue.lease();
        return lease.compareTo(SHORTEST_WAIT) < 0
                ? SHORTEST_WAIT
                : lease.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : lease;
    }

    /** The three streams, on one connection. */
    private record Streams(Names names, NatsSettings settings, QueueSettings queue, Failures failures, Api api) {

        void prepareMessages() {
            StreamConfiguration.Builder wanted = stream(names.messages(), "what Slackline has published")
                    .discardPolicy(DiscardPolicy.New)
                    .maxBytes(settings.maxBytes() == 0 ? -1 : settings.maxBytes());
            if (!queue.dedupWindow().isZero()) {
                wanted.duplicateWindow(queue.dedupWindow());
            }
            StreamInfo found = api.stream(names.messages());
            StreamConfiguration is = (found == null ? api.createStream(wanted.build()) : found).getConfiguration();
            refuse(is, Dangers.toMessages(is, Names.everythingOf(names.messages())));
            Duration window = is.getDuplicateWindow();
            if (window != null && window.compareTo(queue.dedupWindow()) < 0) {
                api.updateStream(StreamConfiguration.builder(is)
                        .duplicateWindow(queue.dedupWindow())
                        .build());
            }
        }

        void prepareDead() {
            prepareLastOnly(names.dead(), "what groups of Slackline failed at for good");
        }

        boolean prepareState() {
            return prepareLastOnly(names.state(), "which groups Slackline has, and attempts of their messages");
        }

        /** Of each subject only the last message is kept. */
        private boolean prepareLastOnly(String name, String description) {
            StreamConfiguration.Builder wanted = stream(name, description).maxMessagesPerSubject(1);
            StreamInfo found = api.stream(name);
            StreamConfiguration is = (found == null ? api.createStream(wanted.build()) : found).getConfiguration();
            refuse(is, Dangers.toOthers(is, Names.everythingOf(name)));
            return found == null;
        }

        private StreamConfiguration.Builder stream(String name, String description) {
            return StreamConfiguration.builder()
                    .name(name)
                    .description(description)
                    .subjects(Names.everythingOf(name))
                    .storageType(StorageType.File)
                    .retentionPolicy(RetentionPolicy.Limits)
                    .replicas(settings.replicas());
        }

        private void refuse(StreamConfiguration is, List<String> dangers) {
            if (!dangers.isEmpty()) {
                throw failures.connection(
                        "the stream " + is.getName() + " is there and would lose messages: "
                                + String.join("; ", dangers) + ". Change it with 'nats stream edit', or choose another "
                                + NatsSettings.STREAM.name(),
                        false,
                        null);
            }
        }
    }
}
