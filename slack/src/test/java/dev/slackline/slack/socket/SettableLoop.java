package dev.slackline.slack.socket;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A loop for which time passes when it is told to; what is to be run at once is. What is run again and again is run by
 * {@link #tick()} alone, so that hours pass without it.
 */
final class SettableLoop implements Loop {

    private final SystemLoop thread = new SystemLoop();
    private final PriorityQueue<Wake> wakes = new PriorityQueue<>(Comparator.comparingLong(Wake::nanos));
    private volatile Runnable ticking = () -> {};
    private volatile Duration pause = Duration.ZERO;
    private long now;

    private record Wake(long nanos, Runnable task) {}

    @Override
    public synchronized long nanos() {
        return now;
    }

    @Override
    public Runnable after(Duration wait, Runnable task) {
        if (wait.isZero()) {
            return thread.after(wait, task);
        }
        synchronized (this) {
            Wake wake = new Wake(now + wait.toNanos(), task);
            wakes.add(wake);
            return () -> remove(wake);
        }
    }

    @Override
    public void every(Duration between, Runnable task) {
        pause = between;
        ticking = task;
    }

    @Override
    public void end() {
        thread.end();
    }

    /** What passes between two ticks. */
    Duration pause() {
        return pause;
    }

    /** Runs what is run again and again, once. */
    void tick() {
        finish(ticking);
    }

    /** Lets time pass; returns when everything that was due has been run. */
    void goOn(Duration by) {
        finish(() -> {
            long end = nanos() + by.toNanos();
            for (@Nullable Wake next = next(end); next != null; next = next(end)) {
                next.task().run();
            }
            set(end);
        });
        finish(() -> {}); // what was to be run at once
    }

    private void finish(Runnable task) {
        CompletableFuture<Void> finished = new CompletableFuture<>();
        thread.run(() -> {
            try {
                task.run();
            } finally {
                finished.complete(null);
            }
        });
        finished.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private synchronized void set(long to) {
        now = to;
    }

    private synchronized void remove(Wake wake) {
        wakes.remove(wake);
    }

    private synchronized @Nullable Wake next(long end) {
        Wake first = wakes.peek();
        if (first == null || first.nanos() > end) {
            return null;
        }
        wakes.remove();
        now = Math.max(now, first.nanos());
        return first;
    }
}
