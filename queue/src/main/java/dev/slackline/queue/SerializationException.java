package dev.slackline.queue;

import org.jspecify.annotations.Nullable;

/** A payload is no JSON object, or cannot be written as one. Never retryable. */
public final class SerializationException extends QueueException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong with the JSON, never what it holds.
     *
     * @param message what failed and where
     * @param backend the name of the backend, or {@code "-"} before one is involved
     * @param topic the topic, or {@code "-"}
     * @param cause what the JSON library said
     */
    public SerializationException(String message, String backend, String topic, @Nullable Throwable cause) {
        super(message, backend, topic, false, cause);
    }
}
