package dev.slackline.backend.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.testkit.BrokerHarness;
import dev.slackline.queue.testkit.QueueBackendCompliance;
import dev.slackline.queue.testkit.broker.Certificates;
import dev.slackline.queue.testkit.broker.KafkaBroker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class KafkaComplianceIT extends QueueBackendCompliance {

    @TempDir
    static Path folder;

    private static Certificates certificates;
    private static Detour detour;
    private static KafkaBroker broker;

    /** As Kafka comes for this one, and for others such that the newer group protocol is used. */
    @BeforeAll
    static void startBroker(TestInfo tried) {
        certificates = Certificates.in(folder);
        detour = Detour.open();
        broker = KafkaBroker.in(folder.resolve("broker")).with(certificates).behind(detour.address());
        if (tried.getTestClass().orElseThrow() != KafkaComplianceIT.class) {
            broker.withQuickGroups();
        }
        broker.start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) { // null where Kafka is not on the class path
            broker.close();
            detour.close();
        }
    }

    @BeforeEach
    void deleteTopicsOfFormerCases() {
        Broker.deleteTopics(broker.address());
    }

    static InetSocketAddress address() {
        return broker.address();
    }

    @Override
    public QueueBackendProvider provider() {
        return new KafkaProvider();
    }

    @Override
    public Capabilities expected() {
        return new Capabilities(
                "kafka",
                EnumSet.of(
                        Feature.DURABLE,
                        Feature.ORDER_BY_KEY,
                        Feature.START_EARLIEST,
                        Feature.MULTI_PROCESS,
                        Feature.RESTORE),
                "acks=all: on every in-sync replica, in memory that survives kill -9 of the brokers and is flushed by"
                        + " their operating systems");
    }

    @Override
    public Map<String, String> newTopic() {
        return Broker.newTopic(broker.address());
    }

    @Override
    public Optional<BrokerHarness> broker() {
        return Optional.of(new KafkaHarness(broker, certificates, detour));
    }

    @Override
    public Map<String, Map<String, String>> refusedTopics() {
        return Map.of(
                "a wrong password", as(KafkaBroker.ADMIN, "wrong"),
                "a user without permissions", as(KafkaBroker.STRANGER, KafkaBroker.STRANGER),
                "a compacted topic", Broker.made(newTopic(), Map.of("cleanup.policy", "compact")),
                "a client setting that Kafka does not accept", changed("KAFKA_CLIENT_SECURITY_PROTOCOL", "none"));
    }

    private Map<String, String> changed(String name, String value) {
        Map<String, String> topic = new HashMap<>(newTopic());
        topic.put(name, value);
        return topic;
    }

    private Map<String, String> as(String user, String password) {
        Map<String, String> topic = changed("KAFKA_BOOTSTRAP", Broker.at(broker.saslAddress()));
        topic.put("KAFKA_CLIENT_SECURITY_PROTOCOL", "SASL_PLAINTEXT");
        topic.put("KAFKA_CLIENT_SASL_MECHANISM", "PLAIN");
        topic.put(
                "KAFKA_CLIENT_SASL_JAAS_CONFIG",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                        + password + "\";");
        return topic;
    }

    @Override
    public List<Intruder> intruders() {
        return List.of(
                new Foreign("no key and no headers", null, "{\"a\":1}", Map.of()),
                new Foreign("a key of its own", "some key", "{\"b\":1}", Map.of()),
                new Foreign("a key that breaks the rules", "a\nb", "{\"c\":1}", Map.of()),
                new Foreign("no value", "k", null, Map.of()),
                new Foreign(
                        "headers that break the rules",
                        null,
                        "{\"d\":1}",
                        Map.of("slackline-id", "a\nb", "slackline-key", "", "slackline-ordering-key", "\n", "", "x")),
                new Foreign(
                        "numbers and a history that are none",
                        null,
                        "{\"e\":1}",
                        Map.of("slackline-published-at", "99999999999999999999", "slackline-deaths", "[")),
                new Foreign("a payload that was cut off", null, "{\"f\":", Map.of()));
    }

    /**
     * A message that another program published.
     *
     * @param description what is wrong with it
     */
    private record Foreign(
            String description,
            @Nullable String key,
            @Nullable String value,
            Map<String, String> headers) implements Intruder {

        @Override
        public void intrude(Map<String, String> topic) throws Exception {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    String.valueOf(topic.get("KAFKA_TOPIC")),
                    key == null ? null : key.getBytes(UTF_8),
                    value == null ? null : value.getBytes(UTF_8));
            headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
            Broker.publish(topic, record);
        }
    }
}
