package dev.slackline.bench;

import dev.slackline.bench.QueueRuns.Seen;
import dev.slackline.queue.Deliveries;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Publishes and consumes without end, whatever happens to the broker, and keeps count. */
final class LoadThroughFaults implements AutoCloseable {

    private static final int SIZE = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Queue queue;
    private final Messages messages = new Messages(SIZE);
    private final Semaphore slots;
    private final int inFlight;
    private final BitSet confirmed = new BitSet();
    private final BitSet found = new BitSet();
    private final Seen seen = new Seen();
    private final Thread publisher = new Thread(this::publish, "bench-publisher");
    private final Thread consumer = new Thread(this::consume, "bench-consumer");
    private volatile boolean publishing = true;
    private volatile boolean consuming = true;
    private volatile long lastDelivery;

    private LoadThroughFaults(Queue queue, int inFlight) {
        this.queue = queue;
        this.inFlight = inFlight;
        this.slots = new Semaphore(inFlight);
    }

    static LoadThroughFaults start(Queue queue, int inFlight) {
        LoadThroughFaults load = new LoadThroughFaults(queue, inFlight);
        load.consumer.start();
        load.publisher.start();
        return load;
    }

    /** Waits until a message that is not here yet comes. @return after how many seconds */
    double awaitDelivery() throws InterruptedException {
        long start = System.nanoTime();
        while (lastDelivery - start < 0) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException("nothing was delivered for " + PATIENCE.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return (lastDelivery - start) / 1e9;
    }

    /** Publishes no more, and consumes until nothing comes any more. */
    Ledger finish() throws InterruptedException {
        publishing = false;
        publisher.join();
        if (!slots.tryAcquire(inFlight, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("publishes are still without an answer");
        }
        while (System.nanoTime() - lastDelivery < QUIET_NANOS) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        consuming = false;
        consumer.join();
        found.and(confirmed); // what came without having been confirmed is nobody's loss
        return new Ledger(confirmed.cardinality(), found.cardinality(), seen.duplicates());
    }

    private void publish() {
        while (publishing) {
            try {
                slots.acquire();
            } catch (InterruptedException e) {
                return;
            }
            byte[] json = messages.next();
            int number = messages.number(json);
            queue.publish(Message.of("event.message", Payload.parse(json))).whenComplete((message, error) -> {
                if (error == null) {
                    synchronized (confirmed) {
                        confirmed.set(number);
                    }
                }
                slots.release();
            });
        }
    }

    private void consume() {
        try (Deliveries deliveries = queue.deliveries(Queue.DEFAULT_GROUP)) {
            while (consuming) {
                Optional<Delivery> delivery = deliveries.poll(Duration.ofMillis(200));
                if (delivery.isPresent()) {
                    int number =
                            messages.number(delivery.get().message().payload().bytes());
                    seen.add(number);
                    found.set(number);
                    delivery.get().ack();
                    lastDelivery = System.nanoTime();
                }
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        publishing = false;
        consuming = false;
        publisher.interrupt();
        publisher.join();
        consumer.join();
    }
}
