package dev.slackline.backend.nats;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.testkit.BrokerHarness;
import dev.slackline.queue.testkit.QueueBackendCompliance;
import dev.slackline.queue.testkit.broker.Certificates;
import dev.slackline.queue.testkit.broker.NatsBroker;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class NatsComplianceIT extends QueueBackendCompliance {

    @TempDir
    static Path folder;

    private static Certificates certificates;
    private static NatsBroker broker;
    private static NatsBroker secure;

    @BeforeAll
    static void startBroker() {
        certificates = Certificates.in(folder);
        broker = NatsBroker.in(folder.resolve("broker"));
        broker.start();
        secure = NatsBroker.in(folder.resolve("secure"), certificates);
        secure.start();
    }

    @AfterAll
    static void stopBroker() {
        if (secure != null) { // null where NATS is not installed
            secure.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @Override
    public QueueBackendProvider provider() {
        return new NatsProvider();
    }

    @Override
    public Capabilities expected() {
        return new Capabilities(
                "nats",
                EnumSet.of(
                        Feature.DURABLE,
                        Feature.DEDUPLICATION,
                        Feature.START_EARLIEST,
                        Feature.MULTI_PROCESS,
                        Feature.COUNTS_CRASHES,
                        Feature.RESTORE),
                "file storage, written to the operating system when confirmed and synced as the server's sync_interval"
                        + " says; with replicas by a majority of them");
    }

    @Override
    public Map<String, String> newTopic() {
        return Server.newTopic(broker.address());
    }

    @Override
    public Optional<BrokerHarness> broker() {
        return Optional.of(new NatsHarness(broker, secure, certificates));
    }

    @Override
    public Optional<Map<String, String>> topicThatFills() {
        return Optional.of(changed("NATS_MAX_BYTES", "2MiB"));
    }

    @Override
    public Map<String, Map<String, String>> refusedTopics() {
        return Map.of(
                "a wrong password", changed("NATS_PASSWORD", "wrong"),
                "a user without permissions", of(NatsBroker.STRANGER),
                "an account without JetStream", of(NatsBroker.WITHOUT_JETSTREAM),
                "a stream in memory", prepared(stream -> stream.storageType(StorageType.Memory)),
                "a stream that is a work queue", prepared(stream -> stream.retentionPolicy(RetentionPolicy.WorkQueue)),
                "a stream that discards the oldest", prepared(stream -> stream.maxMessages(1000)),
                "a stream that forgets by age", prepared(stream -> stream.maxAge(Duration.ofDays(1))),
                "a stream that keeps the last of a subject", prepared(stream -> stream.maxMessagesPerSubject(5)));
    }

    private Map<String, String> changed(String name, String value) {
        Map<String, String> topic = new HashMap<>(newTopic());
        topic.put(name, value);
        return topic;
    }

    private Map<String, String> of(String user) {
        Map<String, String> topic = changed("NATS_USERNAME", user);
        topic.put("NATS_PASSWORD", user);
        return topic;
    }

    /** With a stream that somebody else has made before. */
    private Map<String, String> prepared(UnaryOperator<StreamConfiguration.Builder> made) {
        Map<String, String> topic = newTopic();
        String stream = Server.stream(topic);
        try (Connection connection = Server.connect(topic)) {
            connection
                    .jetStreamManagement()
                    .addStream(made.apply(StreamConfiguration.builder()
                                    .name(stream)
                                    .subjects(stream + ".>")
                                    .storageType(StorageType.File))
                            .build());
        } catch (IOException | InterruptedException | JetStreamApiException e) {
            throw new IllegalStateException(e);
        }
        return topic;
    }

    @Override
    public List<Intruder> intruders() {
        return List.of(
                new Foreign("no headers at all", "event.x", new Headers(), "{\"a\":1}"),
                new Foreign("a subject that is no key of ours", "%.%zz.x", new Headers(), "{\"b\":1}"),
                new Foreign(
                        "an id and an ordering key that break the rules",
                        "event.x",
                        new Headers()
                                .put("Nats-Msg-Id", "%0A" + "x".repeat(300))
                                .put("slackline-ordering-key", "%0A"),
                        "{\"c\":1}"),
                new Foreign(
                        "numbers and stories that are none",
                        "event.x",
                        new Headers()
                                .put("slackline-published-at", "soon")
                                .put("slackline-deaths", "%7B")
                                .put("slackline-key", "%0A"),
                        "{\"d\":1}"),
                new Foreign("a header of two values", "event.x", new Headers().put("h", "1", "2"), "{\"e\":1}"),
                new Foreign("for a group that there is not", "$only.nobody.event.x", new Headers(), "{\"f\":1}"),
                new Foreign("a payload that was cut off", "event.x", new Headers(), "{\"f\":"));
    }

    /**
     * A message that another program published.
     *
     * @param description what is wrong with it
     * @param subject after that of the stream
     */
    private record Foreign(String description, String subject, Headers headers, String body) implements Intruder {

        @Override
        public void intrude(Map<String, String> topic) throws Exception {
            try (Connection connection = Server.connect(topic)) {
                connection
                        .jetStream()
                        .publish(Server.stream(topic) + "." + subject, headers, body.getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
