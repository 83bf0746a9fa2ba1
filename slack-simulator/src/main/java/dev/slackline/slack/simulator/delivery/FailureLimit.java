package dev.slackline.slack.simulator.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Switches the subscription off when more than 95 % of the attempts within an hour failed, unless there were fewer than
 * a thousand events in that hour. Thread-safe.
 */
final class FailureLimit {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final int EXEMPT_BELOW = 1000;
    private static final int PERCENT = 95;

    private record Result(Instant at, boolean first, boolean failed) {}

    private final InstantSource clock;
    private final Deque<Result> results = new ArrayDeque<>();
    private int events;
    private int failures;
    private boolean off;

    FailureLimit(InstantSource clock) {
        this.clock = clock;
    }

    synchronized boolean isOff() {
        return off;
    }

    synchronized void reset() {
        results.clear();
        events = 0;
        failures = 0;
        off = false;
    }

    synchronized void ended(Attempt attempt) {
        Instant now = clock.instant();
        count(new Result(now, attempt.number() == 0, !attempt.acknowledged()), 1);
        while (!results.isEmpty() && results.peek().at.plus(HOUR).isBefore(now)) {
            count(results.remove(), -1);
        }
        off |= events >= EXEMPT_BELOW && failures * 100L > (long) PERCENT * results.size();
    }

    private void count(Result result, int by) {
        if (by > 0) {
            results.add(result);
        }
        events += result.first ? by : 0;
        failures += result.failed ? by : 0;
    }
}
