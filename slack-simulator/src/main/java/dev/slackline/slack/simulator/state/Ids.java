package dev.slackline.slack.simulator.state;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Ids that look like Slack's and are the same in each run. Thread-safe. */
public final class Ids {

    private static final int RADIX = 36;
    private static final long FIRST = Long.parseLong("SIM00001", RADIX);

    private final AtomicLong next = new AtomicLong(FIRST);

    /** The next id, such as {@code C0SIM00001} for the prefix {@code C}. */
    public String next(String prefix) {
        return prefix + "0" + Long.toString(next.getAndIncrement(), RADIX).toUpperCase(Locale.ROOT);
    }
}
