package dev.slackline.backend.kafka;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** What a share group is set to, and where it is. Thread-safe. */
final class ShareRules {

    /** The feature of brokers that have share groups. */
    static final String FEATURE = "share.version";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String KIND = "share";
    private static final String LIMIT = "group.share.delivery.count.limit";
    private static final int LEAST_LIMIT = 4;
    private static final int USUAL_LIMIT = 5;
    private static final int MOST_LIMIT = 10;
    private static final long USUAL_LOCK = 15_000;
    private static final long MOST_LOCK = 60_000;
    private static final long USUAL_LOCKS = 2_000;
    private static final long MOST_LOCKS = 4_000;
    private static final long HEARTBEAT = 1_000;
    private static final long USUAL_HEARTBEAT = 5_000;
    private static final long MOST_HEARTBEAT = 15_000;
    private static final long USUAL_SESSION = 45_000;
    private static final long MOST_SESSION = 60_000;

    private final Names names;
    private final Cluster cluster;
    private final GroupRules rules;
    private final Failures failures;
    private final Duration session;
    private final Duration lease;

    ShareRules(Names names, Cluster cluster, GroupRules rules, Failures failures, Duration session, Duration lease) {
        this.names = names;
        this.cluster = cluster;
        this.rules = rules;
        this.failures = failures;
        this.session = session;
        this.lease = lease;
    }

    /** Makes a share group that misses nothing from these offsets on. */
    CompletableFuture<Void> make(String shareGroup, Map<TopicPartition, Long> from) {
        Abilities abilities = rules.abilities();
        if (!abilities.has(FEATURE, 1)) {
            return CompletableFuture.failedFuture(failures.consume(
                    "the brokers have no share groups (feature " + FEATURE + "); they need Kafka 4.2 or newer, or "
                            + KafkaSettings.MODE.name() + "=ordered",
                    false,
                    null));
        }
        if (abilities.limit(LIMIT, USUAL_LIMIT) < LEAST_LIMIT) {
            return CompletableFuture.failedFuture(failures.consume(
                    "the brokers throw a message away that was given out " + abilities.limit(LIMIT, USUAL_LIMIT)
                            + " times, settled or not; set " + LIMIT + " to " + MOST_LIMIT,
                    false,
                    null));
        }
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, shareGroup);
        List<AlterConfigOp> settings = settings(abilities).entrySet().stream()
                .map(one -> new AlterConfigOp(new ConfigEntry(one.getKey(), one.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        return cluster.stage(cluster.admin()
                        .incrementalAlterConfigs(Map.of(group, settings))
                        .all())
                .thenCompose(set -> place(shareGroup, from, System.nanoTime() + PATIENCE.toNanos()));
    }

    /** Tries again for a while: of a topic that was just made not every broker knows yet that it holds it. */
    private CompletableFuture<Void> place(String shareGroup, Map<TopicPartition, Long> from, long deadline) {
        return cluster.stage(
                        cluster.admin().alterShareGroupOffsets(shareGroup, from).all())
                .exceptionallyCompose(error -> {
                    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
                    return cause instanceof RetriableException && System.nanoTime() < deadline
                            ? CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(100, MILLISECONDS))
                                    .thenCompose(pause -> place(shareGroup, from, deadline))
                            : CompletableFuture.failedFuture(error);
                });
    }

    private Map<String, String> settings(Abilities abilities) {
        Map<String, String> settings = new HashMap<>();
        settings.put("share.auto.offset.reset", "earliest"); // for partitions that are added later
        settings.put("share.isolation.level", "read_committed");
        put(settings, "session.timeout.ms", abilities, session.toMillis(), USUAL_SESSION, MOST_SESSION);
        put(settings, "heartbeat.interval.ms", abilities, HEARTBEAT, USUAL_HEARTBEAT, MOST_HEARTBEAT);
        put(settings, "record.lock.duration.ms", abilities, lease.toMillis(), USUAL_LOCK, MOST_LOCK);
        put(settings, "partition.max.record.locks", abilities, MOST_LOCKS, USUAL_LOCKS, MOST_LOCKS);
        put(settings, "delivery.count.limit", abilities, MOST_LIMIT, 2, MOST_LIMIT);
        return settings;
    }

    private static void put(
            Map<String, String> settings, String name, Abilities abilities, long wanted, long least, long most) {
        settings.put(KIND + "." + name, Long.toString(abilities.allowed(KIND, name, wanted, least, most)));
    }

    /**
     * How far a share group is in a partition.
     *
     * @param start from where on not everything is settled; the broker may be late to say so
     * @param waiting how many are not settled; null when the broker does not know
     */
    record Place(long start, @Nullable Long waiting) {}

    /** Where a share group is in every partition; where it was declared as long as nothing is known. */
    CompletableFuture<Map<TopicPartition, Place>> places(String name, Registry.Declaration declaration) {
        String shareGroup = names.shareGroup(name, declaration.id());
        ListShareGroupOffsetsSpec all = new ListShareGroupOffsetsSpec().topicPartitions(cluster.partitions());
        return cluster.stage(cluster.admin()
                        .listShareGroupOffsets(Map.of(shareGroup, all))
                        .partitionsToOffsetInfo(shareGroup))
                .thenApply(found -> {
                    Map<TopicPartition, Place> places = new HashMap<>();
                    cluster.partitions()
                            .forEach(partition ->
                                    places.put(partition, new Place(declaration.start(partition.partition()), null)));
                    found.forEach((TopicPartition partition, SharePartitionOffsetInfo info) -> {
                        if (info != null) {
                            places.put(
                                    partition,
                                    new Place(info.startOffset(), info.lag().orElse(null)));
                        }
                    });
                    return places;
                });
    }

    void forget(String shareGroup) {
        cluster.admin().deleteShareGroups(List.of(shareGroup));
    }
}
