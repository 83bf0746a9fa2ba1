package dev.slackline.queue;

import org.jspecify.annotations.Nullable;

/** A message was not stored, or it is not known whether it was. */
public final class PublishException extends QueueException {

    private static final long serialVersionUID = 1L;

    /**
     * Says why a message was not stored.
     *
     * @param message what failed and what to do
     * @param backend the name of the backend
     * @param topic the topic
     * @param retryable whether the same message may be accepted later
     * @param cause what the client library said
     */
    public PublishException(
            String message, String backend, String topic, boolean retryable, @Nullable Throwable cause) {
        super(message, backend, topic, retryable, cause);
    }
}
