package dev.slackline.queue.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that runs with the system's and can be put forward or back. Thread-safe. */
public final class SettableClock implements InstantSource {

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    @Override
    public Instant instant() {
        return Instant.now().plus(ahead.get());
    }

    /** Puts it forward; a negative amount puts it back. */
    public void advance(Duration amount) {
        ahead.updateAndGet(before -> before.plus(amount));
    }
}
