package dev.slackline.backend.kafka;

import dev.slackline.queue.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks things up in topics without being a member of any group: one request at a time, on one consumer that is opened on
 * the first of them.
 */
final class Clerk {

    /** What is asked; it may block. */
    interface Request<T> {
        T answer();
    }

    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final Duration LOOKING = Duration.ofMillis(200);
    private static final Logger log = LoggerFactory.getLogger(Clerk.class);
    private static final Duration CLOSING = Duration.ofMillis(50);
    private static final Duration GLANCE = Duration.ofMillis(800);

    private final ClientSettings clients;
    private final Threads threads;
    private final Failures failures;
    private final TopicPartition deadLetters;
    private final DeadIndex index = new DeadIndex(); // guarded by this
    private @Nullable Consumer<byte[], byte[]> consumer; // guarded by this
    private boolean closed; // guarded by this

    Clerk(ClientSettings clients, Threads threads, Failures failures, Names names) {
        this.clients = clients;
        this.threads = threads;
        this.failures = failures;
        this.deadLetters = new TopicPartition(names.dead(), 0);
    }

    /** Answers when it is its turn. */
    <T> CompletableFuture<T> ask(String what, Request<T> request) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    T answer = answer(request);
                    result.complete(answer);
                } catch (RuntimeException e) {
                    result.completeExceptionally(failures.asked(what, e));
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(failures.closed());
        }
        return result;
    }

    private synchronized <T> T answer(Request<T> request) {
        if (closed) {
            throw failures.closed();
        }
        return request.answer();
    }

    /** The index of the dead letters, up to now. Called while answering. */
    synchronized DeadIndex index() {
        Consumer<byte[], byte[]> open = open(Set.of(deadLetters));
        long end = open.endOffsets(Set.of(deadLetters), PATIENCE).getOrDefault(deadLetters, 0L);
        if (index.position() < end) {
            if (index.position() == 0) {
                open.seekToBeginning(Set.of(deadLetters));
            } else {
                open.seek(deadLetters, index.position());
            }
            read(open, end, index::read);
        }
        return index;
    }

    /** Some dead letters of a group, in their order. Called while answering. */
    synchronized List<DeadLetter> letters(String group, List<String> ids) {
        Map<Long, String> wanted = index().offsets(group, ids);
        if (wanted.isEmpty()) {
            return List.of();
        }
        List<DeadLetter> letters = new ArrayList<>();
        Consumer<byte[], byte[]> open = open(Set.of(deadLetters));
        open.seek(deadLetters, Collections.min(wanted.keySet()));
        read(open, Collections.max(wanted.keySet()) + 1, record -> {
            if (wanted.containsKey(record.offset())) {
                Story story = Wire.unpack(record);
                if (!story.deaths().isEmpty()) {
                    letters.add(new DeadLetter(story.message(), group, story.deaths()));
                }
            }
        });
        return letters;
    }

    /** When the first message from each of these offsets on was published; as far as it can be read soon. */
    synchronized List<Instant> publishedAt(Map<TopicPartition, Long> offsets) {
        Consumer<byte[], byte[]> open = open(offsets.keySet());
        offsets.forEach(open::seek);
        Map<TopicPartition, Instant> found = new HashMap<>();
        long deadline = System.nanoTime() + GLANCE.toNanos();
        while (found.size() < offsets.size() && deadline - System.nanoTime() > 0) {
            for (ConsumerRecord<byte[], byte[]> record : open.poll(LOOKING)) {
                found.putIfAbsent(
                        new TopicPartition(record.topic(), record.partition()),
                        Wire.unpack(record).message().publishedAt());
            }
            open.pause(found.keySet());
        }
        return List.copyOf(found.values());
    }

    private Consumer<byte[], byte[]> open(Collection<TopicPartition> partitions) {
        Consumer<byte[], byte[]> open = consumer;
        if (open == null) {
            open = new KafkaConsumer<>(clients.reader());
            consumer = open;
        }
        open.assign(partitions);
        open.resume(partitions);
        return open;
    }

    private void read(
            Consumer<byte[], byte[]> open, long end, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (open.position(deadLetters, PATIENCE) < end) {
            var some = open.poll(LOOKING);
            if (!some.isEmpty()) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (deadline - System.nanoTime() < 0) {
                throw failures.consume("the broker does not answer", true, null);
            }
            some.forEach(each);
        }
    }

    synchronized void close() {
        closed = true;
        Consumer<byte[], byte[]> open = consumer;
        consumer = null;
        close(open);
    }

    /** Closes it without waiting for answers that nobody needs any more. */
    static void close(@Nullable Consumer<?, ?> open) {
        try {
            if (open != null) {
                open.close(CloseOptions.timeout(CLOSING));
            }
        } catch (KafkaException e) {
            log.debug("a consumer was not closed in order", e);
        }
    }
}
