package dev.slackline.backend.kafka;

import dev.slackline.queue.GroupStats;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/** Counts what waits in a group: from what is committed, so that it is right whoever consumes, and a moment old. */
final class Census {

    private final Names names;
    private final Cluster cluster;
    private final Registry registry;
    private final ShareRules shares;
    private final Members members;
    private final Clerk clerk;
    private final InstantSource clock;
    private final Map<String, Instant> unconsumedSince = new ConcurrentHashMap<>();

    Census(
            Names names,
            Cluster cluster,
            Registry registry,
            ShareRules shares,
            Members members,
            Clerk clerk,
            InstantSource clock) {
        this.names = names;
        this.cluster = cluster;
        this.registry = registry;
        this.shares = shares;
        this.members = members;
        this.clerk = clerk;
        this.clock = clock;
    }

    /** What is committed of a group, and what its topic holds. */
    private record Seen(
            Map<TopicPartition, OffsetAndMetadata> committed,
            Map<TopicPartition, ShareRules.Place> shared,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            int consumers,
            int dead) {}

    CompletableFuture<GroupStats> of(String group) {
        Set<TopicPartition> partitions = new HashSet<>(cluster.inOrder());
        partitions.addAll(cluster.partitions());
        CompletableFuture<Map<TopicPartition, ShareRules.Place>> shared = shared(group);
        CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> committed = committed(group);
        CompletableFuture<Map<TopicPartition, Long>> starts = cluster.starts(partitions);
        CompletableFuture<Map<TopicPartition, Long>> ends = cluster.ends(partitions);
        CompletableFuture<Integer> consumers = consumers(group);
        CompletableFuture<Integer> dead = clerk.ask(
                "counting the dead letters of group " + group,
                () -> clerk.index().size(group));
        return CompletableFuture.allOf(committed, shared, starts, ends, consumers, dead)
                .thenCompose(all -> count(
                        group,
                        new Seen(
                                committed.join(),
                                shared.join(),
                                starts.join(),
                                ends.join(),
                                consumers.join(),
                                dead.join())));
    }

    /** Where a share group is; empty for another one. */
    private CompletableFuture<Map<TopicPartition, ShareRules.Place>> shared(String group) {
        Registry.Declaration declaration = registry.declaration(group);
        return declaration == null || !declaration.isShared()
                ? CompletableFuture.completedFuture(Map.of())
                : shares.places(group, declaration);
    }

    /** What is committed, of those partitions of which something is. */
    CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> committed(String group) {
        return cluster.stage(cluster.admin()
                        .listConsumerGroupOffsets(names.consumerGroup(group))
                        .partitionsToOffsetAndMetadata())
                .handle((found, error) -> {
                    if (error != null && !(Failures.unwrapped(error) instanceof GroupIdNotFoundException)) {
                        throw new java.util.concurrent.CompletionException(error);
                    }
                    Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>();
                    if (found != null) {
                        found.forEach((partition, offset) -> {
                            if (offset != null) {
                                known.put(partition, offset);
                            }
                        });
                    }
                    return known;
                });
    }

    private CompletableFuture<GroupStats> count(String group, Seen seen) {
        Registry.Declaration declaration = members.declaration(group);
        long now = clock.millis();
        long waiting = 0;
        long delayed = 0;
        Map<TopicPartition, Long> firsts = new HashMap<>();
        for (Map.Entry<TopicPartition, Long> end : seen.ends().entrySet()) {
            TopicPartition partition = end.getKey();
            OffsetAndMetadata committed = seen.committed().get(partition);
            ShareRules.Place shared = seen.shared().get(partition);
            Progress progress = shared == null
                    ? Progress.of(declaration, partition.partition(), committed)
                    : Progress.none(declaration.id(), shared.start());
            long start = seen.starts().getOrDefault(partition, 0L);
            long base = Math.max(start, progress.base());
            Long known = shared == null ? null : shared.waiting();
            long here = known == null ? progress.waiting(base, end.getValue()) : known;
            waiting += here;
            delayed += progress.delayed(now);
            if (here > 0) {
                firsts.put(partition, base);
            }
        }
        long inFlight = Math.min(waiting, members.inFlight(group));
        long late = Math.min(waiting - inFlight, Math.max(delayed, members.delayed(group)));
        int consumers = seen.consumers() + members.members(group);
        Instant since = since(group, consumers);
        long ready = waiting - inFlight - late;
        return oldest(firsts)
                .thenApply(oldest -> new GroupStats(ready, inFlight, late, seen.dead(), age(oldest), consumers, since));
    }

    private CompletableFuture<List<Instant>> oldest(Map<TopicPartition, Long> firsts) {
        return firsts.isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : clerk.ask("looking for the oldest message", () -> clerk.publishedAt(firsts));
    }

    private @Nullable Duration age(List<Instant> publishedAt) {
        return publishedAt.stream()
                .min(Comparator.naturalOrder())
                .map(oldest -> Duration.between(oldest, clock.instant()))
                .orElse(null);
    }

    private @Nullable Instant since(String group, int consumers) {
        if (consumers > 0) {
            unconsumedSince.remove(group);
            return null;
        }
        return unconsumedSince.computeIfAbsent(group, unused -> clock.instant());
    }

    /** Members in other processes: here one consumer stands for all. */
    private CompletableFuture<Integer> consumers(String group) {
        String id = names.consumerGroup(group);
        return cluster.stage(cluster.admin().describeConsumerGroups(List.of(id)).all())
                .thenApply(found -> found.get(id))
                .handle((found, error) -> {
                    if (error != null && !(Failures.unwrapped(error) instanceof GroupIdNotFoundException)) {
                        throw new java.util.concurrent.CompletionException(error);
                    }
                    return found == null ? 0 : others(found);
                });
    }

    private int others(ConsumerGroupDescription found) {
        return (int) found.members().stream()
                .filter(member -> !member.clientId().equals(members.clientId()))
                .count();
    }
}
