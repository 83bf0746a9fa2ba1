package dev.slackline.slack.api;

import java.time.Duration;

/**
 * How often a method may be called for one workspace.
 *
 * @param perMinute how many calls may start within any minute
 * @param pause how long after one call for a channel the next may start, after the answer of the first at the earliest; zero
 *     if channels do not matter
 */
record Limit(int perMinute, Duration pause) {

    static final Duration WINDOW = Duration.ofMinutes(1);

    boolean isPaced() {
        return !pause.isZero();
    }
}
