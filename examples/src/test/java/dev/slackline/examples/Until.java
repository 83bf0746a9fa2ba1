package dev.slackline.examples;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a bound. */
final class Until {

    private static final Duration BOUND = Duration.ofSeconds(60);

    private Until() {}

    static void holds(BooleanSupplier condition) {
        long end = System.nanoTime() + BOUND.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come true within " + BOUND);
            }
            LockSupport.parkNanos(10_000_000);
        }
    }
}
