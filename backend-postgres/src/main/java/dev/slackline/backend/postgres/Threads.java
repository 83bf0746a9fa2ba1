package dev.slackline.backend.postgres;

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
 * The threads of one backend: those that call subscribers and tell results, and two that keep house and ask questions.
 * What a caller does with a result may block: any thread may go on with the next one. Thread-safe.
 */
final class Threads implements Executor {

    private static final Duration TICK = Duration.ofMillis(25);
    private static final int KEEPERS = 2;

    private final ThreadGroup group = new ThreadGroup("slackline-postgres");
    private final AtomicInteger number = new AtomicInteger();
    private final ExecutorService pool = Executors.newCachedThreadPool(factory());
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, factory());
    private final ScheduledThreadPoolExecutor keepers = new ScheduledThreadPoolExecutor(KEEPERS, factory());
    private final Queue<Runnable> results = new ConcurrentLinkedQueue<>();

    Threads() {
        timer.scheduleWithFixedDelay(this::tell, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        keepers.setRemoveOnCancelPolicy(true);
    }

    ThreadFactory factory() {
        return task -> named("worker-" + number.incrementAndGet(), task);
    }

    /** A thread of its own for something that goes on. */
    Thread named(String name, Runnable task) {
        Thread thread = new Thread(group, task, "slackline-postgres-" + name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** For what asks the server a question or keeps house; fails if all is closed. */
    void keep(Runnable task) {
        keepers.execute(task);
    }

    /** Keeps house after a while, unless all is closed by then. */
    void keepLater(Duration pause, Runnable task) {
        try {
            keepers.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // closed
        }
    }

    /** Keeps house again and again, this long after it ended. */
    void keepEvery(Duration pause, Runnable task) {
        keepers.scheduleWithFixedDelay(task, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Tells a result, soon; {@link #tell()} makes it now. */
    void addResult(Runnable result) {
        results.add(result);
    }

    /** Tells what waits. */
    void tell() {
        if (results.isEmpty()) {
            return;
        }
        try {
            pool.execute(this::tellAll);
        } catch (RejectedExecutionException e) { // closing: nobody else is left to do it
            tellAll();
        }
    }

    boolean isOwn() {
        return Thread.currentThread().getThreadGroup() == group;
    }

    /** Keeps house no more; waits no longer than this for what is being done. */
    void stopKeeping(Duration timeout) throws InterruptedException {
        keepers.shutdown();
        keepers.getQueue().clear();
        keepers.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    void close(Duration timeout) throws InterruptedException {
        timer.shutdownNow();
        keepers.shutdownNow();
        pool.shutdown();
        if (!isOwn()) { // closed by a subscriber, which cannot wait for itself
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
