package dev.slackline.queue;

import org.jspecify.annotations.Nullable;

/** The broker cannot be reached, timed out, or refused the credentials. */
public final class QueueConnectionException extends QueueException {

    private static final long serialVersionUID = 1L;

    /**
     * Says which broker could not be reached.
     *
     * @param message what failed and what to do
     * @param backend the name of the backend
     * @param topic the topic
     * @param retryable false when trying again cannot help: a wrong password, a file of a newer version
     * @param cause what the client library said
     */
    public QueueConnectionException(
            String message, String backend, String topic, boolean retryable, @Nullable Throwable cause) {
        super(message, backend, topic, retryable, cause);
    }
}
