package dev.slackline.queue;

import java.time.Duration;

/** Thrown by a handler of a {@link Worker}: failed now; try again after this delay rather than the usual backoff. */
public final class RetryLaterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Duration delay;

    /** {@link #RetryLaterException(Duration, String)} without further explanation. */
    public RetryLaterException(Duration delay) {
        this(delay, "asked to be retried after " + delay);
    }

    /**
     * Asks for a delay and says why.
     *
     * @param delay at least how long to wait; zero means the queue's own backoff; at most 366 days
     * @param reason for people; no payload and no secret
     * @throws IllegalArgumentException if the delay is negative or longer
     */
    public RetryLaterException(Duration delay, String reason) {
        super(reason);
        this.delay = ManagedDelivery.requireDelay(delay);
    }

    /** At least how long to wait. */
    public Duration delay() {
        return delay;
    }
}
