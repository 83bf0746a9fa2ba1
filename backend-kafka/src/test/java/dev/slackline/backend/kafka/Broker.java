package dev.slackline.backend.kafka;

import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueBackendProvider.Opening;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** How tests talk to a broker without the backend. */
final class Broker {

    private Broker() {}

    static String at(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    /** Settings for a topic of its own. */
    static Map<String, String> newTopic(InetSocketAddress address) {
        Map<String, String> settings = new HashMap<>();
        settings.put("KAFKA_BOOTSTRAP", at(address));
        settings.put("KAFKA_TOPIC", "topic-" + UUID.randomUUID().toString().substring(0, 8));
        settings.put("KAFKA_PARTITIONS", "3");
        return settings;
    }

    static Queue open(Map<String, String> settings) {
        KafkaProvider provider = new KafkaProvider();
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        return Queue.open(provider, Settings.parse(settings, declared));
    }

    /** Does what a backend does from time to time. */
    static void tidy(Map<String, String> settings) {
        KafkaProvider provider = new KafkaProvider();
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        Settings parsed = Settings.parse(settings, declared);
        try (QueueBackend backend =
                provider.open(new Opening(parsed, QueueSettings.from(parsed), InstantSource.system()))) {
            ((KafkaBackend) backend).tidy().join();
        }
    }

    static Admin admin(Map<String, String> settings) {
        return Admin.create(Map.of("bootstrap.servers", settings.get("KAFKA_BOOTSTRAP")));
    }

    /** Deletes every topic: a broker that holds a thousand partitions takes its time to start. */
    static void deleteTopics(InetSocketAddress address) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", at(address)))) {
            for (var deleted : admin.deleteTopics(admin.listTopics().names().get())
                    .topicNameValues()
                    .values()) {
                awaitDeleted(deleted);
            }
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitDeleted(KafkaFuture<Void> deleted) throws ExecutionException, InterruptedException {
        try {
            deleted.get();
        } catch (ExecutionException e) {
            // the case before deleted it meanwhile, or the broker did and its answer came too late
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw e;
            }
        }
    }

    /** How many records a topic holds, of those whose names end so. */
    static long held(Map<String, String> settings, String ending) {
        String name = settings.get("KAFKA_TOPIC") + ending;
        Map<TopicPartition, OffsetSpec> starts = new HashMap<>();
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int i = 0; i < Integer.parseInt(settings.get("KAFKA_PARTITIONS")); i++) {
            starts.put(new TopicPartition(name, i), OffsetSpec.earliest());
            ends.put(new TopicPartition(name, i), OffsetSpec.latest());
        }
        try (Admin admin = admin(settings)) {
            var from = admin.listOffsets(starts).all().get();
            return admin.listOffsets(ends).all().get().entrySet().stream()
                    .mapToLong(end -> end.getValue().offset()
                            - Objects.requireNonNull(from.get(end.getKey())).offset())
                    .sum();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the topic before the backend does. */
    static Map<String, String> made(Map<String, String> settings, Map<String, String> configs) {
        try (Admin admin = admin(settings)) {
            admin.createTopics(List.of(new NewTopic(settings.get("KAFKA_TOPIC"), 1, (short) 1).configs(configs)))
                    .all()
                    .get();
            return settings;
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Publishes as another program would. */
    static void publish(Map<String, String> settings, ProducerRecord<byte[], byte[]> record) throws Exception {
        Map<String, Object> client = Map.of("bootstrap.servers", settings.get("KAFKA_BOOTSTRAP"));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }
}
