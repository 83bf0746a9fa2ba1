package dev.slackline.slack.answer;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A timer for which time passes when it is told to. For one thread. */
final class SettableTimer implements Timer {

    private final PriorityQueue<Wake> wakes = new PriorityQueue<>(Comparator.comparingLong(Wake::nanos));
    private long now;
    private boolean closed;

    private record Wake(long nanos, Runnable task) {}

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public @Nullable Runnable after(Duration delay, Runnable task) {
        if (closed) {
            return null;
        }
        Wake wake = new Wake(now + delay.toNanos(), task);
        wakes.add(wake);
        return () -> wakes.remove(wake);
    }

    @Override
    public void close() {
        closed = true;
        wakes.clear();
    }

    void goOn(Duration by) {
        long end = now + by.toNanos();
        for (@Nullable Wake next = wakes.peek(); next != null && next.nanos() <= end; next = wakes.peek()) {
            wakes.remove();
            now = next.nanos();
            next.task().run();
        }
        now = end;
    }

    /** How many wait to be called. */
    int waiting() {
        return wakes.size();
    }
}
