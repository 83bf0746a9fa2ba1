package dev.slackline.backend.rabbitmq;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one backend: those that work and call subscribers, one that keeps time, and the results that wait to be
 * told. What a caller does with a result may block: any thread may go on with the next one. Thread-safe.
 */
final class Threads implements Executor {

    private static final int TICK_MILLIS = 25;

    private final ThreadGroup group = new ThreadGroup("slackline-rabbitmq");
    private final AtomicInteger number = new AtomicInteger();
    private final ExecutorService pool = Executors.newCachedThreadPool(factory());
    /** Of a connection that is closed the library still runs something, then on its own thread. */
    private final ExecutorService library = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), factory(), (task, full) -> task.run());

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, factory());
    private final Queue<Runnable> results = new ConcurrentLinkedQueue<>();

    Threads() {
        timer.setRemoveOnCancelPolicy(true);
        timer.scheduleWithFixedDelay(this::unstick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    ThreadFactory factory() {
        return task -> {
            Thread thread = new Thread(group, task, "slackline-rabbitmq-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** For the client library, which runs its callbacks there. */
    ExecutorService library() {
        return library;
    }

    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Runs something again and again, this long after it ended. */
    void every(Duration pause, Runnable task) {
        timer.scheduleWithFixedDelay(task, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Completes after a while, unless all is closed by then. */
    CompletableFuture<Void> after(Duration pause) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        later(pause, () -> {
            addResult(() -> over.complete(null));
            tell();
        });
        return over;
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

    void close(Duration timeout) throws InterruptedException {
        timer.shutdownNow();
        pool.shutdown();
        library.shutdown();
        if (!isOwn()) { // closed by a subscriber, which cannot wait for itself
            pool.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
        tellAll();
    }

    private void unstick() {
        tell();
    }

    private void tellAll() {
        for (Runnable result = results.poll(); result != null; result = results.poll()) {
            result.run();
        }
    }
}
