package dev.slackline.backend.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads, from the first record on and all the time, what the processes of a topic tell each other. */
final class Journal implements Runnable {

    /** Told each record, on the thread that reads. */
    interface Reader {
        void read(ConsumerRecord<byte[], byte[]> record);
    }

    private static final Logger log = LoggerFactory.getLogger(Journal.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration LOOKING = Duration.ofSeconds(2);

    /** Somebody who waits until everything up to there is read. */
    private record Waiting(Map<TopicPartition, Long> upTo, CompletableFuture<Void> told) {}

    private final ClientSettings clients;
    private final Cluster cluster;
    private final Threads threads;
    private final List<TopicPartition> partitions;
    private final Reader reader;
    private final List<Waiting> waiting = new ArrayList<>(); // guarded by itself
    private final Map<TopicPartition, Long> positions = new java.util.concurrent.ConcurrentHashMap<>();
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    Journal(ClientSettings clients, Cluster cluster, Threads threads, Names names, Reader reader) {
        this.clients = clients;
        this.cluster = cluster;
        this.threads = threads;
        this.partitions = List.of(new TopicPartition(names.groups(), 0), new TopicPartition(names.notes(), 0));
        this.reader = reader;
    }

    /** Begins. */
    void start() {
        thread = threads.start("journal", this);
    }

    /** Completes when everything that was said until now is read. */
    CompletableFuture<Void> caughtUp() {
        return cluster.ends(partitions).thenCompose(this::readUpTo);
    }

    /** Completes when everything before that is read. */
    private CompletableFuture<Void> readUpTo(Map<TopicPartition, Long> ends) {
        Waiting one = new Waiting(ends, new CompletableFuture<>());
        synchronized (waiting) {
            if (isThere(one)) {
                return CompletableFuture.completedFuture(null);
            }
            waiting.add(one);
        }
        return one.told();
    }

    private boolean isThere(Waiting one) {
        return one.upTo().entrySet().stream()
                .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    @Override
    public void run() {
        while (!closed) {
            Consumer<byte[], byte[]> open = null;
            try {
                open = new KafkaConsumer<>(clients.reader());
                consumer = open;
                open.assign(partitions);
                goOn(open);
                while (!closed) {
                    open.poll(PATIENCE).forEach(reader::read);
                    note(open);
                }
            } catch (WakeupException | InterruptException e) {
                // closed
            } catch (OffsetOutOfRangeException e) {
                positions.keySet().removeAll(e.offsetOutOfRangePartitions().keySet());
            } catch (KafkaException e) {
                if (!closed) {
                    log.warn("what other processes say cannot be read, trying again cause={}", e.getMessage());
                    pause();
                }
            } finally {
                consumer = null;
                Clerk.close(open);
            }
        }
    }

    private void goOn(Consumer<byte[], byte[]> open) {
        for (TopicPartition partition : partitions) {
            Long known = positions.get(partition);
            if (known == null) {
                open.seekToBeginning(List.of(partition));
            } else {
                open.seek(partition, known);
            }
        }
    }

    private void note(Consumer<byte[], byte[]> open) {
        for (TopicPartition partition : partitions) {
            positions.put(partition, open.position(partition, LOOKING));
        }
        synchronized (waiting) {
            waiting.removeIf(one -> {
                boolean there = isThere(one);
                if (there) {
                    threads.addResult(() -> one.told().complete(null));
                }
                return there;
            });
        }
        threads.tell();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void close(long deadlineNanos) throws InterruptedException {
        closed = true;
        Consumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        Thread running = thread;
        if (running != null) {
            TimeUnit.NANOSECONDS.timedJoin(running, Math.max(1, deadlineNanos - System.nanoTime()));
        }
    }
}
