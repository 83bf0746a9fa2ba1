package dev.slackline.queue;

/** The queue was used after it was closed. Never retryable: open another one. */
public final class QueueClosedException extends QueueException {

    private static final long serialVersionUID = 1L;

    /**
     * Says which queue was closed.
     *
     * @param backend the name of the backend
     * @param topic the topic
     */
    public QueueClosedException(String backend, String topic) {
        super("the queue is closed (" + backend + ", topic " + topic + ")", backend, topic, false, null);
    }
}
