package dev.slackline.backend.nats;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one backend: those that work and call subscribers, one that keeps time, and the results that wait to be
 * told. What a caller does with a result may block: then another thread goes on with the next one. Thread-safe.
 */
final class Threads implements Executor {

    private static final int TICK_MILLIS = 25;

    private final ThreadGroup group = new ThreadGroup("slackline-nats");
    private final AtomicInteger number = new AtomicInteger();
    private final ExecutorService pool = Executors.newCachedThreadPool(factory());
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, factory());
    private final Queue<Runnable> results = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean telling = new AtomicBoolean();

    Threads() {
        timer.setRemoveOnCancelPolicy(true);
        every(Duration.ofMillis(TICK_MILLIS), this::unstick);
    }

    ThreadFactory factory() {
        return task -> {
            Thread thread = new Thread(group, task, "slackline-nats-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** For the client library. */
    ExecutorService pool() {
        return pool;
    }

    /** For the client library. */
    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Runs something unless all is closed. */
    void attempt(Runnable task) {
        try {
            pool.execute(task);
        } catch (RejectedExecutionException e) {
            // closed
        }
    }

    /** Runs something that waits for the server, on a thread that may. */
    <T extends @Nullable Object> CompletableFuture<T> call(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            pool.execute(() -> {
                try {
                    result.complete(work.get());
                } catch (RuntimeException | Error e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    /** Runs something again and again, this long after it ended. */
    void every(Duration pause, Runnable task) {
        timer.scheduleWithFixedDelay(task, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs something after a while, unless all is closed by then. */
    void later(Duration pause, Runnable task) {
        try {
            timer.schedule(() -> attempt(task), pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // closed
        }
    }

    /** Tells a result, soon; {@link #tell()} makes it now. */
    void addResult(Runnable result) {
        results.add(result);
    }

    /** Tells what waits. */
    void tell() {
        if (!results.isEmpty() && telling.compareAndSet(false, true)) {
            startTelling();
        }
    }

    boolean isOwn() {
        return Thread.currentThread().getThreadGroup() == group;
    }

    void close(Duration timeout) throws InterruptedException {
        timer.shutdownNow();
        pool.shutdown();
        if (!isOwn()) { // closed by a subscriber, which cannot wait for itself
            pool.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
        tellAll();
    }

    /** Whoever tells may be stuck in what a caller does with a result. */
    private void unstick() {
        if (!results.isEmpty()) {
            telling.set(true);
            startTelling();
        }
    }

    private void startTelling() {
        try {
            pool.execute(this::tellAll);
        } catch (RejectedExecutionException e) { // closing: nobody else is left to do it
            tellAll();
        }
    }

    private void tellAll() {
        do {
            for (Runnable result = results.poll(); result != null; result = results.poll()) {
                result.run();
            }
            telling.set(false);
        } while (!results.isEmpty() && telling.compareAndSet(false, true));
    }
}
