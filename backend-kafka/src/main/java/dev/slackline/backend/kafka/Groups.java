package dev.slackline.backend.kafka;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Declares groups, drops them, and says which there are. Thread-safe. */
final class Groups {

    private static final Logger log = LoggerFactory.getLogger(Groups.class);
    /** So long those who have closed may take to leave a group. */
    private static final Duration LEAVING = Duration.ofSeconds(3);

    private final Names names;
    private final Cluster cluster;
    private final Registry registry;
    private final ShareRules shares;
    private final Journal journal;
    private final Publisher publisher;
    private final Clerk clerk;
    private final Census census;
    private final Failures failures;
    private final QueueSettings.Start start;

    Groups(
            Names names,
            Cluster cluster,
            Registry registry,
            ShareRules shares,
            Journal journal,
            Publisher publisher,
            Clerk clerk,
            Census census,
            Failures failures,
            QueueSettings.Start start) {
        this.names = names;
        this.cluster = cluster;
        this.registry = registry;
        this.shares = shares;
        this.journal = journal;
        this.publisher = publisher;
        this.clerk = clerk;
        this.census = census;
        this.failures = failures;
        this.start = start;
    }

    CompletableFuture<List<String>> all() {
        return asked("listing the groups", upToDate().thenApply(known -> registry.groups()));
    }

    CompletableFuture<Void> declare(String group) {
        return asked("declaring group " + group, upToDate().thenCompose(known -> {
            if (registry.isDeclared(group, !names.isShared())) {
                throw failures.otherMode(group);
            }
            return registry.isDeclared(group)
                    ? CompletableFuture.completedFuture(null)
                    : from().thenCompose(starts -> declare(group, starts));
        }));
    }

    private CompletableFuture<Void> declare(String group, Map<TopicPartition, Long> starts) {
        long id = Registry.newId();
        if (!names.isShared()) {
            return tell(Registry.declare(group, id, starts));
        }
        return shares.make(names.shareGroup(group, id), starts)
                .thenCompose(made -> cluster.ends(cluster.inOrder()))
                .thenCompose(later -> tell(Registry.declareShared(group, id, starts, later)))
                .thenRun(() -> {
                    Registry.Declaration known = registry.declaration(group);
                    if (known == null || known.id() != id) { // somebody else was faster
                        shares.forget(names.shareGroup(group, id));
                    }
                });
    }

    private CompletableFuture<Map<TopicPartition, Long>> from() {
        return start == QueueSettings.Start.LATEST
                ? cluster.ends(cluster.partitions())
                : cluster.starts(cluster.partitions());
    }

    CompletableFuture<Void> drop(String group) {
        return asked("dropping group " + group, upToDate().thenCompose(known -> {
            Registry.Declaration declaration = registry.declaration(group);
            return declaration == null
                    ? CompletableFuture.completedFuture(null)
                    : graveyard(group)
                            .dropAll()
                            .thenCompose(dropped -> tell(Registry.drop(group)))
                            .thenRun(() -> forget(group, declaration));
        }));
    }

    /**
     * Kafka forgets the offsets of a group by itself in some days; what it knows of a dropped one is not heeded. Never fails.
     */
    private CompletableFuture<Void> forget(String group, Registry.Declaration declaration) {
        if (declaration.isShared()) {
            shares.forget(names.shareGroup(group, declaration.id()));
        }
        return forget(names.consumerGroup(group), System.nanoTime() + LEAVING.toNanos());
    }

    /** Kafka refuses it as long as somebody has not left. */
    private CompletableFuture<Void> forget(String consumerGroup, long deadline) {
        return cluster.stage(cluster.admin()
                        .deleteConsumerGroups(List.of(consumerGroup))
                        .all())
                .exceptionallyCompose(error -> {
                    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
                    if (cause instanceof GroupNotEmptyException && System.nanoTime() - deadline < 0) {
                        return CompletableFuture.runAsync(
                                        () -> {}, CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS))
                                .thenCompose(pause -> forget(consumerGroup, deadline));
                    }
                    log.debug("offsets are left group={} cause={}", consumerGroup, error.getMessage());
                    return CompletableFuture.completedFuture(null);
                });
    }

    CompletableFuture<GroupStats> stats(String group) {
        return asked("reading the statistics of group " + group, declared(group).thenCompose(census::of));
    }

    /** Fails if the group is not declared. */
    CompletableFuture<String> declared(String group) {
        return upToDate().thenApply(known -> {
            if (!registry.isDeclared(group)) {
                throw failures.undeclared(group);
            }
            return group;
        });
    }

    /** Takes over a message from another backend for one group, where this attempt was due. */
    CompletableFuture<Boolean> restore(String group, Message message, int attempt, List<Death> deaths) {
        Story story = new Story(message, deaths, group, attempt);
        return asked(
                "taking over a message for group " + group,
                declared(group)
                        .thenCompose(there -> publisher.put(Wire.pack(names.topic(), story)))
                        .thenApply(stored -> true));
    }

    Graveyard graveyard(String group) {
        return new Graveyard(group, names, clerk, publisher, this);
    }

    CompletableFuture<Void> dropTopic() {
        return asked("dropping the topic", upToDate().thenCompose(known -> {
            List<CompletableFuture<Void>> forgotten = new ArrayList<>();
            registry.declarations().forEach((group, declaration) -> forgotten.add(forget(group, declaration)));
            return CompletableFuture.allOf(forgotten.toArray(CompletableFuture<?>[]::new))
                    .thenCompose(gone -> cluster.stage(
                            cluster.admin().deleteTopics(names.all()).all()));
        }));
    }

    /** Knows everything that was declared and dropped until now, here and elsewhere. */
    private CompletableFuture<Void> upToDate() {
        return cluster.whenThere(journal::caughtUp);
    }

    private CompletableFuture<Void> tell(byte[] what) {
        return publisher
                .put(new ProducerRecord<>(names.groups(), 0, null, what))
                .thenCompose(said -> journal.caughtUp());
    }

    <T> CompletableFuture<T> asked(String what, CompletableFuture<T> answer) {
        return answer.handle((value, error) -> {
            if (error != null) {
                throw failures.asked(what + " failed", error);
            }
            return value;
        });
    }
}
