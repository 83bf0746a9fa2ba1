package dev.slackline.backend.sqlite;

import java.time.Duration;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which callers learn what became of their writes, and on which subscribers are called. What a caller
 * does there may block: every result waits in one queue that any thread may go on with, so one that blocks holds up no
 * other for longer than {@link #unstick()} is called again.
 */
final class Completions {

    private final AtomicInteger threadNumber = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "slackline-sqlite-" + threadNumber.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });
    private final Queue<Write<?>> done = new ConcurrentLinkedQueue<>();

    ExecutorService threads() {
        return threads;
    }

    void complete(Collection<Write<?>> writes) {
        done.addAll(writes);
        unstick();
    }

    boolean isEmpty() {
        return done.isEmpty();
    }

    /** Goes on with what still waits. */
    void unstick() {
        if (done.isEmpty()) {
            return;
        }
        try {
            threads.execute(this::drain);
        } catch (RejectedExecutionException e) { // closing: nobody else is left to do it
            drain();
        }
    }

    void close(Duration timeout) throws InterruptedException {
        threads.shutdown();
        threads.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void drain() {
        for (Write<?> write = done.poll(); write != null; write = done.poll()) {
            write.complete();
        }
    }
}
