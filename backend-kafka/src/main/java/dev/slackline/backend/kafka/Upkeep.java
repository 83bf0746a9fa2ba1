package dev.slackline.backend.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes from a topic that was made by us what every declared group has settled, as it has no retention that would; and
 * commits anew what a group without consumers has, because Kafka forgets that in some days.
 */
final class Upkeep {

    private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int COMMIT_EVERY = 60;

    private final Names names;
    private final Cluster cluster;
    private final Registry registry;
    private final Census census;
    private int rounds;

    Upkeep(Names names, Cluster cluster, Registry registry, Census census, Threads threads) {
        this.names = names;
        this.cluster = cluster;
        this.registry = registry;
        this.census = census;
        threads.every(PAUSE, () -> cluster.whenThere(() -> run(rounds++ % COMMIT_EVERY == 0)));
    }

    /** Once. Completes when it is done; a failure is for the next time to mend. */
    CompletableFuture<Void> run(boolean refreshing) {
        Map<String, CompletableFuture<Map<TopicPartition, OffsetAndMetadata>>> committed = new HashMap<>();
        Map<String, Registry.Declaration> declared = registry.declarations();
        declared.keySet().forEach(group -> committed.put(group, census.committed(group)));
        return CompletableFuture.allOf(committed.values().toArray(CompletableFuture<?>[]::new))
                .thenCompose(all -> {
                    if (refreshing) {
                        committed.forEach((group, offsets) -> refresh(group, offsets.join()));
                    }
                    return registry.isOurs() && !declared.isEmpty()
                            ? trim(declared, committed)
                            : CompletableFuture.<Void>completedFuture(null);
                })
                .exceptionally(error -> {
                    log.debug("nothing was deleted from topic {} cause={}", names.topic(), error.getMessage());
                    return null;
                });
    }

    private CompletableFuture<Void> trim(
            Map<String, Registry.Declaration> declared,
            Map<String, CompletableFuture<Map<TopicPartition, OffsetAndMetadata>>> committed) {
        return cluster.starts(cluster.partitions()).thenCompose(starts -> {
            Map<TopicPartition, RecordsToDelete> settled = new HashMap<>();
            starts.forEach((partition, start) -> {
                long least = Long.MAX_VALUE;
                for (var group : committed.entrySet()) {
                    Registry.Declaration declaration = Objects.requireNonNull(declared.get(group.getKey()));
                    OffsetAndMetadata offset = group.getValue().join().get(partition);
                    least = Math.min(
                            least,
                            Progress.of(declaration, partition.partition(), offset)
                                    .base());
                }
                if (least > start) {
                    settled.put(partition, RecordsToDelete.beforeOffset(least));
                }
            });
            return settled.isEmpty()
                    ? CompletableFuture.<Void>completedFuture(null)
                    : cluster.stage(cluster.admin().deleteRecords(settled).all());
        });
    }

    /** Kafka refuses it while the group has members, who commit by themselves. */
    private void refresh(String group, Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (!offsets.isEmpty()) {
            cluster.admin().alterConsumerGroupOffsets(names.consumerGroup(group), offsets);
        }
    }
}
