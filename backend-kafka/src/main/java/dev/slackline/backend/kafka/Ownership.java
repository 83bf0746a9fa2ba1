package dev.slackline.backend.kafka;

import dev.slackline.queue.QueueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which partitions a consumer owns, and what it commits of them: as they come, as they go, and in between. Used by the
 * thread of the consumer alone.
 */
final class Ownership implements ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(Ownership.class);
    private static final Duration TAKING_OVER = Duration.ofSeconds(4);
    private static final Duration PASSING_ON = Duration.ofSeconds(2);
    private static final Duration PASSING_ON_AT_THE_END = Duration.ofMillis(800);
    private static final Duration COMMIT_AGAIN = Duration.ofMillis(50);
    private static final Duration REBALANCING = Duration.ofMillis(20);
    private static final String OLD_EPOCH = "stale member epoch";
    private static final int WAKE_UPS = 100;

    private final GroupConsumer owner;
    private final Members services;
    private final Holdings holdings;
    private final Consumer<byte[], byte[]> consumer;
    private boolean closing;
    private boolean committing;
    private long notBeforeNanos = System.nanoTime();

    Ownership(GroupConsumer owner, Consumer<byte[], byte[]> consumer) {
        this.owner = owner;
        this.services = owner.services();
        this.holdings = owner.holdings();
        this.consumer = consumer;
    }

    /** Commits what has changed, unless the last time is still under way. @return whether it does */
    boolean commit(boolean lazily) {
        if (committing || System.nanoTime() - notBeforeNanos < 0) {
            return false;
        }
        List<PartitionLog.Commit> commits = holdings.commits(services.nowMillis(), lazily);
        if (commits.isEmpty()) {
            return false;
        }
        committing = true;
        owner.committing(true);
        consumer.commitAsync(offsets(commits), (offsets, error) -> {
            committing = false;
            if (error != null) {
                notBeforeNanos = System.nanoTime() + COMMIT_AGAIN.toNanos();
            }
            committed(commits, error);
            owner.committing(false);
        });
        return true;
    }

    /**
     * Passes on what is owned, and leaves the group. While a rebalance is under way Kafka's client commits nothing, and
     * would take everything for lost: then that is waited for.
     */
    void leave(boolean forGood) {
        closing = forGood;
        long deadline = System.nanoTime() + (closing ? PASSING_ON_AT_THE_END : PASSING_ON).toNanos();
        CompletableFuture<Boolean> passing = new CompletableFuture<>();
        while (!passOn(holdings.partitions(), passing, deadline - System.nanoTime() > 0)) {
            uninterrupted(() -> {
                consumer.pause(consumer.assignment());
                return consumer.poll(REBALANCING); // nothing comes: all is paused
            });
        }
        uninterrupted(() -> {
            consumer.unsubscribe();
            return true;
        });
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            takeOver(new HashSet<>(partitions));
        }
        owner.assigned();
        log.debug("partitions assigned group={} count={}", owner.group(), partitions.size());
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        passOn(partitions, new CompletableFuture<>(), false);
    }

    /** @return false if it should be tried again */
    private boolean passOn(
            Collection<TopicPartition> partitions, CompletableFuture<Boolean> passing, boolean mayTryAgain) {
        List<PartitionLog.Commit> commits =
                holdings.handOver(partitions, services.nowMillis(), closing ? null : passing);
        KafkaException failure = commit(commits);
        if (failure instanceof RebalanceInProgressException && mayTryAgain) {
            committed(commits, failure);
            return false;
        }
        List<Origin.Waiting> late = holdings.disown(partitions, failure == null);
        committed(commits, failure);
        log.debug(
                "passed on group={} commits={} late={} partitions={}",
                owner.group(),
                commits.size(),
                late.size(),
                partitions);
        late.forEach(one -> one.delivery()
                .committed(
                        one.told(), services.uncertain(one.delivery().message().id())));
        services.threads().addResult(() -> passing.complete(failure == null));
        services.threads().tell();
        if (failure != null) {
            log.warn(
                    "partitions passed on without a word; what was in flight comes again group={} partitions={}"
                            + " cause={}",
                    owner.group(),
                    partitions.size(),
                    failure.getMessage());
        }
        return true;
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        if (Collections.disjoint(partitions, holdings.partitions())) {
            return;
        }
        log.warn(
                "partitions were taken away because the group did not hear of us; what was in flight comes again"
                        + " group={} partitions={}",
                owner.group(),
                partitions.size());
        holdings.disown(partitions, false)
                .forEach(one -> one.delivery()
                        .committed(
                                one.told(),
                                services.uncertain(one.delivery().message().id())));
        services.threads().tell();
    }

    /** The topic does not hold any more what comes next: it is read on from the first that is left. */
    void lostRecords(Map<TopicPartition, Long> wanted) {
        Map<TopicPartition, Long> starts = uninterrupted(() -> consumer.beginningOffsets(wanted.keySet(), TAKING_OVER));
        starts.forEach((partition, start) -> {
            long from = wanted.getOrDefault(partition, start);
            if (from < start) {
                services.lostRecords(owner.group(), partition, start - from);
            }
            consumer.seek(partition, Math.max(from, start));
        });
    }

    private void takeOver(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                uninterrupted(() -> consumer.committed(partitions, TAKING_OVER));
        Map<TopicPartition, Long> starts = uninterrupted(() -> consumer.beginningOffsets(partitions, TAKING_OVER));
        Registry.Declaration declaration = services.declaration(owner.group());
        for (TopicPartition partition : partitions) {
            long start = starts.getOrDefault(partition, 0L);
            PartitionLog taken = log(partition, committed.get(partition), declaration, start);
            holdings.own(taken);
            consumer.seek(partition, taken.position());
        }
    }

    private PartitionLog log(
            TopicPartition partition,
            @Nullable OffsetAndMetadata committed,
            Registry.Declaration declaration,
            long start) {
        Progress progress = Progress.of(declaration, partition.partition(), committed);
        long base = progress.base();
        if (base < start) {
            services.lostRecords(owner.group(), partition, start - base);
            base = start;
        }
        return new PartitionLog(partition, base, progress);
    }

    private @Nullable KafkaException commit(List<PartitionLog.Commit> commits) {
        if (commits.isEmpty()) {
            return null;
        }
        Duration patience = closing ? PASSING_ON_AT_THE_END : PASSING_ON;
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return uninterrupted(() -> {
                    consumer.commitSync(offsets(commits), patience);
                    return null;
                });
            } catch (KafkaException e) {
                if (!isOfOldEpoch(e) || System.nanoTime() - deadline >= 0) {
                    return e;
                }
            }
            LockSupport.parkNanos(REBALANCING.toNanos()); // a heartbeat brings the new one meanwhile
        }
    }

    /**
     * Whether the group has another epoch by now, of which we have not heard yet: then it is still ours to commit. Kafka's
     * client says so by its words alone; a member that is thrown out gets the same exception, and must not try again.
     */
    private static boolean isOfOldEpoch(KafkaException failure) {
        return failure instanceof CommitFailedException
                && String.valueOf(failure.getMessage()).contains(OLD_EPOCH);
    }

    private void committed(List<PartitionLog.Commit> commits, @Nullable Exception error) {
        for (PartitionLog.Commit commit : commits) {
            boolean again;
            boolean unknown;
            synchronized (holdings) {
                again = error != null && commit.log().owned;
                unknown = error != null && !commit.log().passedOn;
                if (again) {
                    commit.log().failed(commit);
                }
            }
            if (!again) {
                for (Origin.Waiting one : commit.waiting()) {
                    QueueException why = unknown
                            ? services.uncertain(one.delivery().message().id())
                            : null;
                    one.delivery().committed(one.told(), why);
                }
            }
        }
        services.threads().tell();
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(List<PartitionLog.Commit> commits) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (PartitionLog.Commit commit : new ArrayList<>(commits)) {
            offsets.put(
                    commit.log().partition,
                    new OffsetAndMetadata(commit.base(), commit.written().metadata()));
        }
        return offsets;
    }

    /** What may be interrupted by somebody who only wants to wake the thread. */
    private static <T extends @Nullable Object> T uninterrupted(Supplier<T> work) {
        for (int i = 0; ; i++) {
            try {
                return work.get();
            } catch (WakeupException e) {
                if (i == WAKE_UPS) {
                    throw e;
                }
            }
        }
    }
}
