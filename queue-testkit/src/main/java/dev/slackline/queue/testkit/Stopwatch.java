package dev.slackline.queue.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long something takes of the time in which this JVM may run. A machine that is busy with something else lets
 * it wait; so does the collection of garbage. A thread of the stopwatch that only ever waits tells by how much: what it wakes
 * up late does not count. So a bound holds on such a machine, too, and is still one. Thread-safe.
 */
public final class Stopwatch implements AutoCloseable {

    private static final long TICK_NANOS = 2_000_000;

    private final long start = System.nanoTime();
    private final Thread ticker = new Thread(this::tick, "stopwatch");
    private volatile long late;
    private volatile boolean stopped;

    private Stopwatch() {
        ticker.setDaemon(true);
    }

    /** One that runs. */
    public static Stopwatch start() {
        Stopwatch stopwatch = new Stopwatch();
        stopwatch.ticker.start();
        return stopwatch;
    }

    /** How long this takes: the median of so many times, since once is easily held up by another process. */
    public static Duration median(int times, Runnable work) {
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            try (Stopwatch stopwatch = start()) {
                work.run();
                took.add(stopwatch.elapsed());
            }
        }
        Collections.sort(took);
        return took.get(times / 2);
    }

    /** For how long it has run, without what does not count. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start - late);
    }

    private void tick() {
        long before = System.nanoTime();
        long sum = 0;
        while (!stopped) {
            LockSupport.parkNanos(TICK_NANOS);
            long now = System.nanoTime();
            sum += Math.max(0, now - before - 2 * TICK_NANOS);
            late = sum;
            before = now;
        }
    }

    /** Stops it. */
    @Override
    public void close() {
        stopped = true;
    }
}
