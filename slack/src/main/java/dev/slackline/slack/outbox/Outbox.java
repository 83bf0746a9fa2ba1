package dev.slackline.slack.outbox;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Message;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.SerializationException;
import java.util.concurrent.CompletableFuture;

/**
 * Takes posts and keeps them until Slack has them. The queue is the outbox's own, not that of Slack's events: each group of a
 * topic gets every message, and posts are nothing for the groups that handle events. Thread-safe; does not own the queue.
 */
public final class Outbox {

    /** The one group of the queue. */
    public static final String GROUP = "outbox";

    /** Only the death of its process costs a post an attempt. */
    private static final int ATTEMPTS = 1_000;

    private static final int PREFETCH_WITHOUT_ORDER = 500;

    private final Queue queue;

    /** An outbox in a queue of its own, in which the group {@value #GROUP} is declared. */
    public Outbox(Queue queue) {
        this.queue = queue;
    }

    /**
     * The settings of a queue that is to be an outbox. A postman holds what it posts and no more, so that what its death leaves
     * in doubt is little; where the backend lends a channel's posts out together, it holds enough for other channels to go on.
     */
    public static QueueSettings suited(QueueSettings settings, Capabilities backend, OutboxSettings outbox) {
        int prefetch = backend.has(Feature.ORDER_BY_KEY) ? outbox.concurrency() : PREFETCH_WITHOUT_ORDER;
        return settings.withMaxAttempts(ATTEMPTS).withPrefetch(prefetch);
    }

    /**
     * Keeps a post. Posts of one workspace to one channel are brought to Slack in the order in which they became durable.
     *
     * @return the post's id, once it is durable; fails with a {@link QueueException} otherwise
     */
    public CompletableFuture<String> post(Post post) {
        try {
            return queue.publish(post.toMessage()).thenApply(Message::id);
        } catch (SerializationException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
