package dev.slackline.queue;

import java.time.Duration;

/**
 * Hears what a {@link Queue} does: for metrics, and to act on a lost and regained connection. Called on the queue's
 * threads, concurrently; must return at once. What it throws is logged and otherwise ignored.
 */
public interface QueueListener {

    /** How a delivery ended. */
    enum Outcome {
        /** Acknowledged. */
        ACKED,
        /** To be delivered again. */
        RETRIED,
        /** Kept as a dead letter. */
        DEAD_LETTERED,
        /** Given back unprocessed. */
        RELEASED,
        /** Settled too late; somebody else has it. */
        STALE
    }

    /** A message is durable; it took this long, retries included. */
    default void published(Message message, Duration took) {}

    /** A publish was given up after this long. */
    default void publishFailed(Message message, QueueException cause, Duration took) {}

    /** A delivery was settled. */
    default void settled(String group, Delivery delivery, Outcome outcome) {}

    /** A member of the group lost its stream; the queue will subscribe again by itself. */
    default void interrupted(String group, Throwable cause) {}

    /** A member of the group that was interrupted consumes again. */
    default void resumed(String group) {}
}
