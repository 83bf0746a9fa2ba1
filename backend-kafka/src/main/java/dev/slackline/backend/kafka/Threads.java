package dev.slackline.backend.kafka;

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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one backend: those that work and call subscribers, one that keeps time, and the results that wait to be
 * told. What a caller does with a result may block: any thread may go on with the next one. Thread-safe.
 */
final class Threads implements Executor {

    private static final int TICK_MILLIS = 25;

    private final ThreadGroup group = new ThreadGroup("slackline-kafka");
    private final AtomicInteger number = new AtomicInteger();
    private final ExecutorService pool = Executors.newCachedThreadPool(factory());
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, factory());
    private final Queue<Runnable> results = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean telling = new AtomicBoolean();

    Threads() {
        timer.setRemoveOnCancelPolicy(true);
        timer.scheduleWithFixedDelay(this::unstick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    ThreadFactory factory() {
        return task -> {
            Thread thread = new Thread(group, task, "slackline-kafka-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** A thread for as long as the task takes. */
    Thread start(String name, Runnable task) {
        Thread thread = new Thread(group, task, "slackline-kafka-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Runs something again and again, this long after it ended. */
    void every(Duration pause, Runnable task) {
        timer.scheduleWithFixedDelay(task, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs something after a while, unless all is closed by then. */
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

    /** Tells what waits: one thread does, unless that is held up by a result. */
    void tell() {
        if (!results.isEmpty() && telling.compareAndSet(false, true)) {
            tellOnAnother();
        }
    }

    private void tellOnAnother() {
        try {
            pool.execute(this::tellAll);
        } catch (RejectedExecutionException e) { // closing: nobody else is left to do it
            tellAll();
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

    private void unstick() {
        if (!results.isEmpty()) {
            tellOnAnother();
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
