package dev.slackline.app.consume;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Queue;
import dev.slackline.queue.Worker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Consumes a group until there is a reason to stop: as many deliveries as wanted, none for a while, nobody reads the
 * results, or somebody asked. Then it drains: what runs is finished, the rest goes back unharmed. Used once.
 */
public final class Consuming {

    /** What is done with each delivery. */
    @FunctionalInterface
    public interface Handler {
        /** Handles one delivery as {@link Worker.Handler#handle} does. */
        void handle(Delivery delivery) throws Exception;
    }

    /**
     * When to stop, and how many at once.
     *
     * @param max after how many deliveries to stop
     * @param idle after how long without any to stop; null for never
     * @param concurrency how many are handled at once
     */
    public record Limits(long max, @Nullable Duration idle, int concurrency) {}

    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final Limits limits;
    private final Handler handler;
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong handled = new AtomicLong();
    private final AtomicInteger running = new AtomicInteger();
    private volatile long lastEnd = System.nanoTime();
    private final CompletableFuture<Void> stop = new CompletableFuture<>();

    /** Takes what to do and how long. */
    public Consuming(Limits limits, Handler handler) {
        this.limits = limits;
        this.handler = handler;
    }

    /** Stops as soon as what runs is finished. Idempotent. */
    public void stop() {
        stop.complete(null);
    }

    /**
     * Consumes until there is a reason to stop.
     *
     * @param asked completes when somebody asks to stop
     * @return whether everything that ran was finished in time
     * @throws dev.slackline.queue.QueueException if the stream ended with an error that nothing but a person mends
     */
    public boolean run(Queue queue, String group, CompletionStage<Void> asked) {
        asked.thenRun(this::stop);
        Worker worker = Worker.start(queue, group, limits.concurrency(), this::handle);
        CompletionStage<Void> ended = worker.ended();
        ended.whenComplete((nothing, error) -> stop());
        boolean drained;
        try {
            awaitReason();
        } finally {
            stop();
            drained = worker.close(DRAIN);
        }
        rethrow(ended);
        return drained;
    }

    private void handle(Delivery delivery) throws Exception {
        if (taken.incrementAndGet() > limits.max()) {
            stop.join(); // holding it keeps it from coming straight back
            delivery.release();
            return;
        }
        running.incrementAndGet();
        try {
            handler.handle(delivery);
        } finally {
            lastEnd = System.nanoTime();
            running.decrementAndGet();
            if (handled.incrementAndGet() == limits.max()) {
                stop();
            }
        }
    }

    private void awaitReason() {
        Duration idle = limits.idle();
        try {
            while (!stop.isDone()) {
                if (idle == null) {
                    stop.get();
                } else {
                    awaitIdle(idle);
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // it is never completed with an error
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitIdle(Duration idle) throws InterruptedException, ExecutionException {
        long left = idle.toNanos() - (running.get() > 0 ? 0 : sinceLastEnd());
        try {
            stop.get(Math.max(1, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (running.get() == 0 && sinceLastEnd() >= idle.toNanos()) {
                stop();
            }
        }
    }

    /** What has ended the stream, if anything but us did. */
    private static void rethrow(CompletionStage<Void> ended) {
        try {
            ended.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private long sinceLastEnd() {
        return System.nanoTime() - lastEnd;
    }
}
