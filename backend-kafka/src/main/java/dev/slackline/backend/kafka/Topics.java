package dev.slackline.backend.kafka;

import dev.slackline.queue.QueueException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the topics that are missing, and looks for settings of theirs that endanger messages. */
final class Topics {

    private static final Logger log = LoggerFactory.getLogger(Topics.class);
    private static final String FOREVER = "-1";
    private static final String NOTES_RETENTION = String.valueOf(TimeUnit.HOURS.toMillis(26));
    private static final String DELETE = "delete";
    private static final int APPEARING_MILLIS = 20;
    private static final int APPEARING_TRIES = 250;

    private final Admin admin;
    private final Names names;
    private final KafkaSettings settings;
    private final long largestRecord;
    private final long maxPayload;
    private final Failures failures;
    private volatile int partitions;
    private volatile int inOrder;
    private volatile boolean made;

    Topics(Admin admin, Names names, KafkaSettings settings, long largestRecord, long maxPayload, Failures failures) {
        this.admin = admin;
        this.names = names;
        this.settings = settings;
        this.largestRecord = largestRecord;
        this.maxPayload = maxPayload;
        this.failures = failures;
    }

    /**
     * Sees to it that they are there. Blocks.
     *
     * @throws QueueException if they are there and cannot be used
     */
    void make() throws ExecutionException, InterruptedException {
        Map<String, TopicDescription> there = describe();
        for (int tries = 0; there.size() < names.all().size(); tries++) {
            if (tries == 0) {
                create(there);
            } else if (tries == APPEARING_TRIES) {
                throw failures.connection("the topics that were made do not appear", true, null);
            } else {
                TimeUnit.MILLISECONDS.sleep(APPEARING_MILLIS);
            }
            there = describe();
        }
        TopicDescription topic = Objects.requireNonNull(there.get(names.topic()));
        partitions = topic.partitions().size();
        inOrder =
                Objects.requireNonNull(there.get(names.inOrder())).partitions().size();
        check(topic);
    }

    /** Whether this process made the topic. */
    boolean wasMade() {
        return made;
    }

    /** Those of the topic. */
    List<TopicPartition> partitions() {
        return partitions(names.topic(), partitions);
    }

    /** Those that consumer groups read. */
    List<TopicPartition> inOrder() {
        return partitions(names.inOrder(), inOrder);
    }

    private static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    private Map<String, TopicDescription> describe() throws ExecutionException, InterruptedException {
        Map<String, TopicDescription> there = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> one :
                admin.describeTopics(names.all()).topicNameValues().entrySet()) {
            try {
                there.put(one.getKey(), one.getValue().get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return there;
    }

    private void create(Map<String, TopicDescription> there) throws ExecutionException, InterruptedException {
        List<NewTopic> missing = new ArrayList<>();
        for (NewTopic topic : List.of(
                topic(names.later(), settings.partitions(), DELETE, FOREVER),
                topic(names.topic(), settings.partitions(), DELETE, FOREVER),
                topic(names.groups(), 1, DELETE, FOREVER),
                topic(names.notes(), 1, DELETE, NOTES_RETENTION),
                topic(names.dead(), 1, "compact", FOREVER))) {
            if (names.all().contains(topic.name()) && !there.containsKey(topic.name())) {
                missing.add(topic);
            }
        }
        for (Map.Entry<String, KafkaFuture<Void>> one :
                admin.createTopics(missing).values().entrySet()) {
            try {
                one.getValue().get();
                made |= one.getKey().equals(names.topic());
            } catch (ExecutionException e) {
                refuse(one.getKey(), e);
            }
        }
    }

    private void refuse(String topic, ExecutionException cause) throws ExecutionException {
        if (cause.getCause() instanceof AuthorizationException) {
            throw failures.connection(
                    "the topic " + topic + " does not exist and we may not make it; make it, and "
                            + String.join(", ", names.all()) + " (one partition each but the first; "
                            + names.dead() + " with cleanup.policy=compact), or allow Create",
                    false,
                    cause.getCause());
        }
        if (!(cause.getCause() instanceof TopicExistsException)) { // somebody else was faster
            throw cause;
        }
    }

    private NewTopic topic(String name, int partitionCount, String cleanup, String retention) {
        Optional<Short> replicas =
                settings.replication() == 0 ? Optional.empty() : Optional.of((short) settings.replication());
        return new NewTopic(name, Optional.of(partitionCount), replicas)
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG, cleanup,
                        TopicConfig.RETENTION_MS_CONFIG, retention,
                        TopicConfig.RETENTION_BYTES_CONFIG, FOREVER,
                        TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false",
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(largestRecord)));
    }

    private void check(TopicDescription topic) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, names.topic());
        ConfigResource deadResource = new ConfigResource(ConfigResource.Type.TOPIC, names.dead());
        Map<ConfigResource, Config> found;
        try {
            found = admin.describeConfigs(List.of(resource, deadResource)).all().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                log.warn(
                        "DescribeConfigs is not allowed on topic {}: whether its settings endanger messages is not"
                                + " known",
                        names.topic());
                return;
            }
            throw e;
        }
        Config config = Objects.requireNonNull(found.get(resource));
        if (value(config, TopicConfig.CLEANUP_POLICY_CONFIG).contains("compact")) {
            throw failures.connection(
                    "the topic has cleanup.policy=compact, which throws away all but the last message of each ordering"
                            + " key; choose another " + KafkaSettings.TOPIC_NAME.name()
                            + ", or set cleanup.policy=delete",
                    false,
                    null);
        }
        int replicas = topic.partitions().get(0).replicas().size();
        Dangers.of(name -> value(config, name), replicas, maxPayload)
                .forEach(danger -> log.warn("topic={} {}", names.topic(), danger));
        if (!value(Objects.requireNonNull(found.get(deadResource)), TopicConfig.CLEANUP_POLICY_CONFIG)
                .equals("compact")) {
            log.warn(
                    "topic={} cleanup.policy should be compact: dead letters may be thrown away before anybody reads"
                            + " them",
                    names.dead());
        }
    }

    private static String value(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? "" : entry.value();
    }
}
