package dev.slackline.backend.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final ShareRules shares;
    private final Census census;
    private int rounds;

    Upkeep(Names names, Cluster cluster, Registry registry, ShareRules shares, Census census, Threads threads) {
        this.names = names;
        this.cluster = cluster;
        this.registry = registry;
        this.shares = shares;
        this.census = census;
        threads.every(PAUSE, () -> cluster.whenThere(() -> run(rounds++ % COMMIT_EVERY == 0)));
    }

    /** Once. Completes when it is done; a failure is for the next time to mend. */
    CompletableFuture<Void> run(boolean refreshing) {
        Map<String, CompletableFuture<Map<TopicPartition, Long>>> bases = new HashMap<>();
        Map<String, CompletableFuture<Map<TopicPartition, Long>>> shared = new HashMap<>();
        registry.declarations().forEach((group, declaration) -> {
            if (declaration.isShared()) {
                shared.put(group, shares.places(group, declaration).thenApply(Upkeep::starts));
            }
            if (declaration.isShared() == names.isShared()) {
                bases.put(group, bases(group, declaration.inOrder(), refreshing));
            }
        });
        return trimmed(bases, shared).exceptionally(error -> {
            log.debug("nothing was deleted from topic {} cause={}", names.topic(), error.getMessage());
            return null;
        });
    }

    private static Map<TopicPartition, Long> starts(Map<TopicPartition, ShareRules.Place> places) {
        Map<TopicPartition, Long> starts = new HashMap<>();
        places.forEach((partition, place) -> starts.put(partition, place.start()));
        return starts;
    }

    /** Where a consumer group is in each partition. */
    private CompletableFuture<Map<TopicPartition, Long>> bases(
            String group, Registry.Declaration declaration, boolean refreshing) {
        return census.committed(group).thenApply(committed -> {
            if (refreshing) {
                refresh(group, committed);
            }
            Map<TopicPartition, Long> bases = new HashMap<>();
            for (TopicPartition partition : cluster.inOrder()) {
                Progress progress = Progress.of(declaration, partition.partition(), committed.get(partition));
                bases.put(partition, progress.base());
            }
            return bases;
        });
    }

    /** What share groups of a process in the other mode have put off is for such a process to delete. */
    private CompletableFuture<Void> trimmed(
            Map<String, CompletableFuture<Map<TopicPartition, Long>>> bases,
            Map<String, CompletableFuture<Map<TopicPartition, Long>>> shared) {
        List<CompletableFuture<Map<TopicPartition, Long>>> all = new ArrayList<>(bases.values());
        all.addAll(shared.values());
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).thenCompose(known -> {
            boolean everybody = all.size() >= registry.declarations().size();
            return registry.isOurs() && !all.isEmpty() && everybody
                    ? trim(all.stream().map(CompletableFuture::join).toList())
                    : CompletableFuture.<Void>completedFuture(null);
        });
    }

    private CompletableFuture<Void> trim(List<Map<TopicPartition, Long>> groups) {
        Map<TopicPartition, Long> least = new HashMap<>();
        groups.forEach(group -> group.forEach((partition, offset) -> least.merge(partition, offset, Math::min)));
        return cluster.starts(least.keySet()).thenCompose(starts -> {
            Map<TopicPartition, RecordsToDelete> settled = new HashMap<>();
            least.forEach((partition, offset) -> {
                if (offset > starts.getOrDefault(partition, 0L)) {
                    settled.put(partition, RecordsToDelete.beforeOffset(offset));
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
