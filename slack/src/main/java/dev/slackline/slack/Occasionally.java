package dev.slackline.slack;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Says a thing that happens often at most once a minute, with how often it happened since. Thread-safe. */
final class Occasionally {

    private static final long PAUSE = Duration.ofMinutes(1).toNanos();

    private final AtomicLong next = new AtomicLong(System.nanoTime());
    private final AtomicLong unsaid = new AtomicLong();

    /** It happened; {@code says} is called with the number of times if it is due. */
    void happened(LongConsumer says) {
        unsaid.incrementAndGet();
        long due = next.get();
        long now = System.nanoTime();
        if (now - due >= 0 && next.compareAndSet(due, now + PAUSE)) {
            says.accept(unsaid.getAndSet(0));
        }
    }
}
