package dev.slackline.backend.sqlite;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, unless told otherwise up to ten seconds. */
final class Eventually {

    private Eventually() {}

    static void is(Callable<Boolean> condition) throws Exception {
        within(Duration.ofSeconds(10), condition);
    }

    static void within(Duration time, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + time.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + time);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }
}
