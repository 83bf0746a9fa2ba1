package dev.slackline.backend.kafka;

import dev.slackline.queue.QueueException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster: makes the topics on first use, tries again until that works, and asks from then on whether the cluster
 * still answers. Thread-safe.
 */
final class Cluster {

    private static final Logger log = LoggerFactory.getLogger(Cluster.class);
    private static final Duration PROBING = Duration.ofMillis(700);
    private static final int PROBE_MILLIS = 1_500;
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final long PAUSE_MILLIS = 300;
    private static final long PAUSE_WHEN_REFUSED_MILLIS = 5_000;

    private final Admin admin;
    private final Topics topics;
    private final GroupRules rules;
    private final Threads threads;
    private final Failures failures;
    private final CompletableFuture<Void> made = new CompletableFuture<>();
    private final CompletableFuture<Void> tried = new CompletableFuture<>();
    private final AtomicBoolean probing = new AtomicBoolean();
    private final Runnable whenMade;
    private volatile @Nullable QueueException trouble;
    private volatile @Nullable Thread maker;
    private volatile long answeredNanos = System.nanoTime();
    private volatile boolean closed;

    /**
     * Does nothing yet.
     *
     * @param whenMade run once the topics are there, before anybody who waits for that
     */
    Cluster(Admin admin, Topics topics, GroupRules rules, Threads threads, Failures failures, Runnable whenMade) {
        this.admin = admin;
        this.topics = topics;
        this.rules = rules;
        this.threads = threads;
        this.failures = failures;
        this.whenMade = whenMade;
    }

    /** Begins. Completes after the first try, with its failure if that can only be mended by somebody. */
    CompletableFuture<Void> start() {
        maker = threads.start("setup", this::make);
        return tried;
    }

    private void make() {
        while (!closed && !made.isDone()) {
            try {
                topics.make();
                rules.ask();
                whenMade.run();
                answered();
                made.complete(null);
                tried.complete(null);
                threads.every(PROBING, this::probe);
            } catch (ExecutionException | RuntimeException e) {
                QueueException failed = failures.connection(e);
                trouble = failed;
                if (failed.retryable()) {
                    tried.complete(null);
                } else if (!tried.completeExceptionally(failed)) {
                    log.error("the topic cannot be used: {}", failed.getMessage());
                }
                pause(failed.retryable() ? PAUSE_MILLIS : PAUSE_WHEN_REFUSED_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** Does something once the topics are there; fails if they are not there soon. */
    <T extends @Nullable Object> CompletableFuture<T> whenThere(Supplier<? extends CompletionStage<T>> work) {
        if (made.isDone()) {
            return work.get().toCompletableFuture();
        }
        QueueException known = trouble;
        if (known != null) {
            return CompletableFuture.failedFuture(known);
        }
        CompletableFuture<Void> waiting = made.copy();
        threads.later(PATIENCE, () -> waiting.completeExceptionally(whyNot()));
        return waiting.thenCompose(there -> work.get());
    }

    private QueueException whyNot() {
        QueueException known = trouble;
        return known != null ? known : failures.connection("the broker does not answer; is it running?", true, null);
    }

    /** Why the cluster cannot be used now; null when it can. */
    @Nullable
    QueueException trouble() {
        return trouble;
    }

    Admin admin() {
        return admin;
    }

    /** The offset after the last of each partition, of what is committed. */
    CompletableFuture<Map<TopicPartition, Long>> ends(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.latest());
    }

    /** The first offset that is still held of each partition. */
    CompletableFuture<Map<TopicPartition, Long>> starts(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.earliest());
    }

    private CompletableFuture<Map<TopicPartition, Long>> offsets(
            Collection<TopicPartition> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, which));
        return stage(admin.listOffsets(wanted).all()).thenApply(found -> {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            for (Map.Entry<TopicPartition, ListOffsetsResultInfo> one : found.entrySet()) {
                offsets.put(one.getKey(), one.getValue().offset());
            }
            return offsets;
        });
    }

    /** What Kafka's admin client promised, told on a thread where the caller may block. */
    <T extends @Nullable Object> CompletableFuture<T> stage(KafkaFuture<T> promised) {
        CompletableFuture<T> result = new CompletableFuture<>();
        promised.whenComplete((value, error) -> {
            threads.addResult(() -> {
                if (error == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(error);
                }
            });
            threads.tell();
        });
        return result;
    }

    /** The partitions of the topic. */
    List<TopicPartition> partitions() {
        return topics.partitions();
    }

    /** The partitions that consumer groups read. */
    List<TopicPartition> inOrder() {
        return topics.inOrder();
    }

    void close() {
        closed = true;
        Thread running = maker;
        if (running != null) {
            running.interrupt();
        }
        admin.close(Duration.ZERO);
    }

    private void probe() {
        if (closed || !probing.compareAndSet(false, true)) {
            return;
        }
        admin.describeCluster(new DescribeClusterOptions().timeoutMs(PROBE_MILLIS))
                .nodes()
                .whenComplete((nodes, error) -> {
                    probing.set(false);
                    if (error == null) {
                        answered();
                    } else if (System.nanoTime() - answeredNanos > SILENCE.toNanos()) {
                        trouble = failures.connection(error);
                    }
                });
    }

    private void answered() {
        answeredNanos = System.nanoTime();
        trouble = null;
    }
}
