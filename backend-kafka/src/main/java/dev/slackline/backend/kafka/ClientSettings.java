package dev.slackline.backend.kafka;

import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What each of Kafka's clients is opened with. Immutable. */
final class ClientSettings {

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(30);
    private static final Duration SHORTEST_SESSION = Duration.ofSeconds(3);
    private static final Duration LONGEST_SESSION = Duration.ofSeconds(8);

    /** What members of the newer protocol may not say. */
    private static final List<String> BROKERS_DECIDE =
            List.of(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);

    /** What members of share groups may not say. */
    private static final List<String> NOT_SHARED = List.of(
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);

    private static final int MOST_SHARED = 500;
    private static final int ANSWER_MILLIS = 200; // what is to be told waits until the question before is answered
    private static final int LARGEST_REQUEST = 64 << 20;

    private final KafkaSettings settings;
    private final QueueSettings queue;

    ClientSettings(KafkaSettings settings, QueueSettings queue) {
        this.settings = settings;
        this.queue = queue;
    }

    /**
     * Asks Kafka's client what it thinks of the settings.
     *
     * @throws ConfigurationException if it does not accept one
     */
    void check() {
        List<String> problems = new ArrayList<>();
        try {
            Object unused = List.of(
                    new AdminClientConfig(admin()),
                    new ProducerConfig(producer()),
                    new ConsumerConfig(reader()),
                    new ConsumerConfig(consumer(settings.topic(), LONGEST_SESSION, false)));
        } catch (ConfigException e) {
            String said = String.valueOf(e.getMessage());
            settings.client().keySet().stream()
                    .filter(said::contains)
                    .findFirst()
                    .ifPresentOrElse(
                            name -> problems.add(PassedOn.variable(name) + ": Kafka does not accept it: " + said),
                            () -> problems.add("Kafka does not accept the settings: " + said));
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    Map<String, Object> admin() {
        Map<String, Object> properties = base(AdminClientConfig.configNames());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 3_000);
        properties.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
        return properties;
    }

    /** Idempotent, on every in-sync replica, and given up when the time of a publish is over. */
    Map<String, Object> producer() {
        Map<String, Object> properties = base(ProducerConfig.configNames());
        Duration limit = queue.publishTimeout().compareTo(LEAST) < 0 ? LEAST : queue.publishTimeout();
        Duration request = limit.dividedBy(2).compareTo(LONGEST_REQUEST) < 0 ? limit.dividedBy(2) : LONGEST_REQUEST;
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.min(1_000, request.toMillis()));
        properties.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) request.toMillis());
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 1);
        int least = number(properties, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG)
                + number(properties, ProducerConfig.LINGER_MS_CONFIG);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int)
                Math.min(Integer.MAX_VALUE, Math.max(least, limit.toMillis())));
        properties.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, (int) largestRecord());
        properties.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(32L << 20, 2 * largestRecord()));
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return properties;
    }

    /** After so long a silence a member of a group is taken for dead. */
    Duration session() {
        Duration lease = queue.lease();
        return lease.compareTo(SHORTEST_SESSION) < 0
                ? SHORTEST_SESSION
                : lease.compareTo(LONGEST_SESSION) > 0 ? LONGEST_SESSION : lease;
    }

    /**
     * A member of a consumer group.
     *
     * @param session after so long a silence it is taken for dead; in the newer protocol the brokers decide that
     * @param newProtocol whether it uses the protocol of KIP-848
     */
    Map<String, Object> consumer(String groupId, Duration session, boolean newProtocol) {
        Map<String, Object> properties = reader();
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, newProtocol ? "consumer" : "classic");
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 300_000);
        if (newProtocol) {
            BROKERS_DECIDE.forEach(properties::remove);
        } else {
            properties.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
            properties.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) session.toMillis());
            properties.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
        }
        return properties;
    }

    /** A member of a share group. */
    Map<String, Object> share(String groupId) {
        Map<String, Object> properties = reader();
        NOT_SHARED.forEach(properties::remove);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        properties.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        properties.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, ANSWER_MILLIS);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.max(1, Math.min(MOST_SHARED, queue.prefetch())));
        return properties;
    }

    /** Reads without being a member of any group. */
    Map<String, Object> reader() {
        Map<String, Object> properties = base(ConsumerConfig.configNames());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
        properties.putIfAbsent(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return properties;
    }

    /** How large a record may be: a payload, and what is around it. */
    long largestRecord() {
        return Math.min(Integer.MAX_VALUE - 1, Math.max(LARGEST_REQUEST, queue.maxPayload() + (1L << 20)));
    }

    private Map<String, Object> base(Set<String> known) {
        Map<String, Object> properties = new HashMap<>();
        settings.client().forEach((name, value) -> {
            if (known.contains(name)) {
                properties.put(name, value);
            }
        });
        properties.put("bootstrap.servers", settings.bootstrap());
        properties.putIfAbsent("reconnect.backoff.ms", 50);
        properties.putIfAbsent("reconnect.backoff.max.ms", 500);
        properties.putIfAbsent("socket.connection.setup.timeout.ms", 2_000);
        properties.putIfAbsent("enable.metrics.push", false);
        return properties;
    }

    private static int number(Map<String, Object> properties, String name) {
        return Integer.parseInt(String.valueOf(properties.get(name)));
    }
}
