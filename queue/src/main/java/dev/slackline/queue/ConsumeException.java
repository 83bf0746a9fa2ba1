package dev.slackline.queue;

import org.jspecify.annotations.Nullable;

/** Messages cannot be received or settled, or a group cannot be administered. */
public final class ConsumeException extends QueueException {

    private static final long serialVersionUID = 1L;

    /**
     * Says why consuming or settling failed.
     *
     * @param message what failed and what to do
     * @param backend the name of the backend
     * @param topic the topic
     * @param retryable whether it may work later
     * @param cause what the client library said
     */
    public ConsumeException(
            String message, String backend, String topic, boolean retryable, @Nullable Throwable cause) {
        super(message, backend, topic, retryable, cause);
    }
}
