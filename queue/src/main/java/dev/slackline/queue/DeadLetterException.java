package dev.slackline.queue;

import org.jspecify.annotations.Nullable;

/** Thrown by a handler of a {@link Worker}: no attempt can succeed; make the message a dead letter now. */
public final class DeadLetterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Gives the reason that the dead letter shows. */
    public DeadLetterException(String reason) {
        this(reason, null);
    }

    /** Gives the reason that the dead letter shows, and keeps the cause for the log. */
    public DeadLetterException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }
}
