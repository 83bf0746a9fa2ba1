package dev.slackline.slack.api;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A clock that stands still until it is told to go on, and wakes who wants to be woken on its way. For one thread. */
final class SettableAlarm implements Alarm {

    private final PriorityQueue<Wake> wakes = new PriorityQueue<>(Comparator.comparingLong(Wake::nanos));
    private long now;
    private int most;

    private record Wake(long nanos, Runnable task) {}

    @Override
    public long now() {
        return now;
    }

    @Override
    public void at(long nanos, Runnable task) {
        wakes.add(new Wake(nanos, task));
        most = Math.max(most, wakes.size());
    }

    @Override
    public void close() {
        wakes.clear();
    }

    void goOn(Duration by) {
        long end = now + by.toNanos();
        for (@Nullable Wake next = wakes.peek(); next != null && next.nanos() <= end; next = wakes.peek()) {
            wakes.remove();
            now = Math.max(now, next.nanos());
            next.task().run();
        }
        now = end;
    }

    /** How many wakes were wanted at one time at most. */
    int most() {
        return most;
    }
}
