package dev.slackline.queue;

import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with a queue; the root of a closed family. The message says what failed, on which backend and topic,
 * and what to do; it never holds a payload or a secret. The cause is kept.
 */
public abstract sealed class QueueException extends RuntimeException
        permits QueueConnectionException,
                SerializationException,
                PublishException,
                ConsumeException,
                QueueClosedException,
                UnsupportedFeatureException {

    private static final long serialVersionUID = 1L;

    private final String backend;
    private final String topic;
    private final boolean retryable;

    QueueException(String message, String backend, String topic, boolean retryable, @Nullable Throwable cause) {
        super(message, cause);
        this.backend = backend;
        this.topic = topic;
        this.retryable = retryable;
    }

    /** The name of the backend that failed. */
    public final String backend() {
        return backend;
    }

    /** The topic it failed on. */
    public final String topic() {
        return topic;
    }

    /** Whether the same call may succeed later without anybody changing anything. */
    public final boolean retryable() {
        return retryable;
    }
}
