package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.testkit.BrokerHarness;
import dev.slackline.queue.testkit.QueueBackendCompliance;
import dev.slackline.queue.testkit.broker.Certificates;
import dev.slackline.queue.testkit.broker.RabbitMqBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class RabbitMqComplianceIT extends QueueBackendCompliance {

    private static final String FULL = "full-";
    private static final String STRANGER = "stranger";

    @TempDir
    static Path folder;

    private static Certificates certificates;
    private static RabbitMqBroker broker;

    @BeforeAll
    static void startBroker() {
        certificates = Certificates.in(folder);
        broker = RabbitMqBroker.in(folder.resolve("broker"), certificates);
        broker.start();
        broker.control(
                "set_policy", "full", "^" + FULL + ".*_", "{\"max-length-bytes\":2000000}", "--apply-to", "queues");
        broker.control("add_user", STRANGER, STRANGER);
        broker.control("set_permissions", STRANGER, "nothing", "nothing", "nothing");
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) { // null where RabbitMQ is not installed
            broker.close();
        }
    }

    @Override
    public QueueBackendProvider provider() {
        return new RabbitMqProvider(Duration.ZERO); // a second for each of hundreds of groups: see broker()
    }

    @Override
    public Capabilities expected() {
        return new Capabilities(
                "rabbitmq",
                EnumSet.of(Feature.DURABLE, Feature.MULTI_PROCESS, Feature.RESTORE),
                "quorum queues, confirmed when a majority of their nodes have it on disk");
    }

    @Override
    public Map<String, String> newTopic() {
        return Broker.newTopic(broker.address(), "topic-");
    }

    @Override
    public Optional<BrokerHarness> broker() {
        // the time that declaring a group usually takes is taken once, before the broker is killed
        return Optional.of(new RabbitMqHarness(new PatientKiller(broker, Topology.YOUTH), broker, certificates));
    }

    @Override
    public Optional<Map<String, String>> topicThatFills() {
        return Optional.of(Broker.newTopic(broker.address(), FULL));
    }

    @Override
    public Map<String, Map<String, String>> refusedTopics() {
        return Map.of(
                "a wrong password", changed("MQ_PASSWORD", "wrong"),
                "an unknown virtual host", changed("MQ_VHOST", "/nowhere"),
                "a user without permissions", strange(),
                "a queue of another kind", otherQueue(),
                "an exchange of another type", otherExchange());
    }

    private Map<String, String> changed(String name, String value) {
        Map<String, String> topic = new HashMap<>(newTopic());
        topic.put(name, value);
        return topic;
    }

    private Map<String, String> strange() {
        Map<String, String> topic = changed("MQ_USERNAME", STRANGER);
        topic.put("MQ_PASSWORD", STRANGER);
        return topic;
    }

    private Map<String, String> otherQueue() {
        return prepared((topic, channel) ->
                channel.queueDeclare(topic.get("MQ_EXCHANGE") + "_default", true, false, false, Map.of()));
    }

    private Map<String, String> otherExchange() {
        return prepared((topic, channel) -> channel.exchangeDeclare(topic.get("MQ_EXCHANGE"), "fanout", true));
    }

    /** What somebody else did at the broker before. */
    private interface Preparation {
        void on(Map<String, String> topic, Channel channel) throws IOException;
    }

    private Map<String, String> prepared(Preparation preparation) {
        Map<String, String> topic = newTopic();
        try (Connection connection = Broker.connect(topic);
                Channel channel = connection.createChannel()) {
            preparation.on(topic, channel);
        } catch (IOException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
        return topic;
    }

    @Override
    public List<Intruder> intruders() {
        BasicProperties none = new BasicProperties();
        return List.of(
                new Foreign("no properties at all", "event.x", none, "{\"a\":1}"),
                new Foreign("an empty routing key", "", none, "{\"b\":1}"),
                new Foreign(
                        "headers of other types",
                        "event.x",
                        new BasicProperties.Builder()
                                .headers(Map.of("n", 7, "list", List.of("x"), "flag", true, "slackline-attempt", "x"))
                                .build(),
                        "{\"c\":1}"),
                new Foreign(
                        "names that break the rules",
                        "event\n",
                        new BasicProperties.Builder()
                                .messageId("a\nb")
                                .headers(Map.of("slackline-ordering-key", "\n", "a\nb", "c"))
                                .build(),
                        "{\"d\":1}"),
                new Foreign(
                        "numbers beyond all bounds",
                        "event.x",
                        new BasicProperties.Builder()
                                .headers(Map.of(
                                        "slackline-published-at",
                                        Long.MAX_VALUE,
                                        "slackline-attempt",
                                        -5,
                                        "slackline-remaining-delay",
                                        -5L,
                                        "slackline-headers-in-body",
                                        1_000_000,
                                        "slackline-deaths",
                                        List.of("x")))
                                .build(),
                        "{\"e\":1}"),
                new Foreign("a payload that was cut off", "event.x", none, "{\"f\":"));
    }

    /**
     * A message that another program published.
     *
     * @param description what is wrong with it
     */
    private record Foreign(String description, String key, BasicProperties properties, String body)
            implements Intruder {

        @Override
        public void intrude(Map<String, String> topic) throws Exception {
            Broker.publish(topic, key, properties, body.getBytes(StandardCharsets.UTF_8));
        }
    }
}
