package dev.slackline.backend.redis;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one backend: those that work and call subscribers, one that keeps time, and the results that wait to be
 * told. What a caller does with a result may block: any thread may go on with the next one. Thread-safe.
 */
final class Threads implements Executor {

    static final Duration TICK = Duration.ofMillis(25);

    private final ThreadGroup group = new ThreadGroup("slackline-redis");
    private final AtomicInteger number = new AtomicInteger();
    private final ExecutorService pool = Executors.newCachedThreadPool(factory());
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, factory());
    private final Queue<Runnable> results = new ConcurrentLinkedQueue<>();

    Threads() {
        timer.setRemoveOnCancelPolicy(true);
        every(TICK, this::tell);
    }

    ThreadFactory factory() {
        return task -> {
            Thread thread = new Thread(group, task, "slackline-redis-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Runs something short again and again, this long after it ended. */
    void every(Duration pause, Runnable task) {
        timer.scheduleWithFixedDelay(task, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs something short after a while, unless all is closed by then. */
    void later(Duration pause, Runnable task) {
        try {
            timer.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS);
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
        if (!results.isEmpty()) {
            goOn(this::tellAll);
        }
    }

    /** Goes on with an answer on a thread of ours. */
    void goOn(Runnable task) {
        try {
            pool.execute(task);
        } catch (RejectedExecutionException e) { // closing: nobody else is left to do it
            task.run();
        }
    }

    void close(Duration timeout) throws InterruptedException {
        timer.shutdownNow();
        pool.shutdown();
        if (Thread.currentThread().getThreadGroup() != group) { // closed by a subscriber: it cannot wait for itself
            pool.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
        tellAll();
    }

    private void tellAll() {
        for (Runnable result = results.poll(); result != null; result = results.poll()) {
            result.run();
        }
    }
}
