package dev.slackline.slack;

import java.time.Duration;

/**
 * Hears how the intake answers: for metrics. Called on the server's threads, concurrently; must return at once. What it
 * throws is logged and otherwise ignored.
 */
@FunctionalInterface
public interface IntakeListener {

    /**
     * A request was answered.
     *
     * @param answer how
     * @param took from the end of its head to the answer, the body and the queue included
     */
    void answered(IntakeAnswer answer, Duration took);
}
