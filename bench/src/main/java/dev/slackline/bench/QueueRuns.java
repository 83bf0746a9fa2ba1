package dev.slackline.bench;

import dev.slackline.queue.Deliveries;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Worker;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/** Publishing to and consuming from a queue through its public face, with a bounded number in flight. */
final class QueueRuns {

    private static final String KEY = "event.message";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Queue queue;
    private final Messages messages;

    QueueRuns(Queue queue, Messages messages) {
        this.queue = queue;
        this.messages = messages;
    }

    /** Publishes for a while, one thread, so many in flight. */
    Measured publish(double seconds, int inFlight) throws InterruptedException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        return publishWhile(inFlight, published -> System.nanoTime() < end);
    }

    /** Publishes a number of messages, one thread, so many in flight. */
    Measured publishCount(long count, int inFlight) throws InterruptedException {
        return publishWhile(inFlight, published -> published < count);
    }

    private Measured publishWhile(int inFlight, LongPredicate goOn) throws InterruptedException {
        Histogram latencies = new SynchronizedHistogram(Measured.newHistogram());
        Semaphore slots = new Semaphore(inFlight);
        AtomicLong failed = new AtomicLong();
        long published = 0;
        long start = System.nanoTime();
        while (goOn.test(published)) {
            slots.acquire();
            published++;
            long began = System.nanoTime();
            queue.publish(Message.of(KEY, Payload.parse(messages.next()))).whenComplete((message, error) -> {
                latencies.recordValue((System.nanoTime() - began) / 1000);
                if (error != null) {
                    failed.incrementAndGet();
                }
                slots.release();
            });
        }
        if (!slots.tryAcquire(inFlight, PATIENCE.toSeconds(), TimeUnit.SECONDS) || failed.get() > 0) {
            throw new IllegalStateException(failed.get() + " of " + published + " publishes failed or did not return");
        }
        return new Measured(published, (System.nanoTime() - start) / 1e9, latencies);
    }

    /** Consumes and acknowledges for a while, without waiting for each acknowledgement. */
    Measured consume(String group, double seconds, Seen seen) throws InterruptedException {
        Histogram latencies = new SynchronizedHistogram(Measured.newHistogram());
        AtomicLong acknowledged = new AtomicLong();
        AtomicLong open = new AtomicLong();
        AtomicLong lastAcknowledged = new AtomicLong();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        try (Deliveries deliveries = queue.deliveries(group)) {
            while (System.nanoTime() < end) {
                Optional<Delivery> delivery = deliveries.poll(Duration.ofMillis(200));
                if (delivery.isEmpty()) {
                    break;
                }
                seen.add(messages.number(delivery.get().message().payload().bytes()));
                open.incrementAndGet();
                long began = System.nanoTime();
                delivery.get().ack().whenComplete((settlement, error) -> {
                    latencies.recordValue((System.nanoTime() - began) / 1000);
                    if (settlement == Settlement.SETTLED) {
                        acknowledged.incrementAndGet();
                        lastAcknowledged.set(System.nanoTime());
                    }
                    open.decrementAndGet();
                });
            }
            long patience = System.nanoTime() + PATIENCE.toNanos();
            while (open.get() > 0 && System.nanoTime() < patience) {
                Thread.onSpinWait();
            }
        }
        return new Measured(acknowledged.get(), (lastAcknowledged.get() - start) / 1e9, latencies);
    }

    /** From the call of publish to the handler's first line, one message at a time on an idle queue. */
    Measured publishToHandler(String group, int count) throws InterruptedException {
        Histogram latencies = Measured.newHistogram();
        Semaphore handled = new Semaphore(0);
        AtomicLong arrived = new AtomicLong();
        long start = System.nanoTime();
        try (Worker worker = Worker.start(queue, group, 1, delivery -> {
            arrived.set(System.nanoTime());
            handled.release();
        })) {
            for (int i = 0; i < count; i++) {
                long began = System.nanoTime();
                queue.publish(Message.of(KEY, Payload.parse(messages.next())));
                if (!handled.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IllegalStateException("message " + i + " did not reach the handler");
                }
                latencies.recordValue((arrived.get() - began) / 1000);
                awaitIdle(group);
            }
        }
        return new Measured(count, (System.nanoTime() - start) / 1e9, latencies);
    }

    private void awaitIdle(String group) {
        while (queue.group(group).stats().toCompletableFuture().join().waiting() > 0) {
            Thread.onSpinWait();
        }
    }

    /** Which messages came out, and how many came twice; a bit each, so that keeping count costs next to nothing. */
    static final class Seen {
        private final BitSet numbers = new BitSet();
        private long duplicates;

        void add(int number) {
            if (numbers.get(number)) {
                duplicates++;
            }
            numbers.set(number);
        }

        long different() {
            return numbers.cardinality();
        }

        long duplicates() {
            return duplicates;
        }
    }
}
