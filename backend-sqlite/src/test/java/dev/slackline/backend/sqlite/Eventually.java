package dev.slackline.backend.sqlite;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, up to ten seconds. */
final class Eventually {

    private Eventually() {}

    static void is(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 10 seconds");
            }
            LockSupport.parkNanos(5_000_000);
        }
    }
}
