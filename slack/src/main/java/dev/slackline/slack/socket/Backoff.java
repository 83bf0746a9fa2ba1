package dev.slackline.slack.socket;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Pauses that double up to a bound, each with as much jitter again as is fixed. Not thread-safe. */
final class Backoff {

    private final Duration first;
    private final Duration longest;
    private int failures;

    Backoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
    }

    /** It failed once more. @return how long to wait */
    Duration next() {
        double full = Math.min((double) longest.toMillis(), first.toMillis() * Math.pow(2, failures));
        failures++;
        return Duration.ofMillis(
                (long) (full / 2 + full / 2 * ThreadLocalRandom.current().nextDouble()));
    }

    /** How often it failed since it last worked. */
    int failures() {
        return failures;
    }

    /** It worked. */
    void reset() {
        failures = 0;
    }
}
