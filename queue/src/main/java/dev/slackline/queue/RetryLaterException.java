package dev.slackline.queue;

import java.time.Duration;

/** Thrown by a handler of a {@link Worker}: failed now; try again after this delay rather than the usual backoff. */
public final class RetryLaterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Duration delay;

    /** Asks for a delay without further explanation. */
    public RetryLaterException(Duration delay) {
        this(delay, "asked to be retried after " + delay);
    }

    /**
     * Asks for a delay and says why.
     *
     * @param delay at least how long to wait; zero means the queue's own backoff
     * @param reason for people; no payload and no secret
     */
    public RetryLaterException(Duration delay, String reason) {
        super(reason);
        this.delay = delay;
    }

    /** At least how long to wait. */
    public Duration delay() {
        return delay;
    }
}
