package dev.slackline.slack.simulator.state;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** The times of messages, which are their ids as well: no two are equal, and later ones sort behind. Thread-safe. */
public final class Timestamps {

    private static final long MICROS = 1_000_000;

    private final InstantSource clock;
    private final AtomicLong last = new AtomicLong();

    /** Takes the time from a clock. */
    public Timestamps(InstantSource clock) {
        this.clock = clock;
    }

    /** The next one, such as {@code 1700000000.000100}. */
    public String next() {
        Instant now = clock.instant();
        long micros = now.getEpochSecond() * MICROS + now.getNano() / 1000;
        return text(last.accumulateAndGet(micros, (before, current) -> Math.max(before + 1, current)));
    }

    /** The time now, in seconds since 1970. */
    public long seconds() {
        return clock.instant().getEpochSecond();
    }

    private static String text(long micros) {
        return String.format(Locale.ROOT, "%d.%06d", micros / MICROS, micros % MICROS);
    }
}
