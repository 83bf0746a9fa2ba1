package dev.slackline.slack.outbox;

import dev.slackline.queue.DeadLetterException;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Queue;
import dev.slackline.queue.Worker;
import dev.slackline.slack.api.SlackApi;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the posts of an {@link Outbox} to Slack: each once, those of a channel in their order, one a second. Several
 * processes may do so at once. Thread-safe; owns neither the queue nor the client.
 *
 * <p>After a failure that leaves open whether a post arrived (a timeout, a 5xx, a cut connection, the end of the process), it is
 * looked for in the channel's history before it is posted again. A refusal that nothing but a person mends makes a dead letter
 * with the reason. Everything else is tried until it succeeds.
 */
public final class Postman implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Postman.class);
    private static final Duration DRAIN = Duration.ofSeconds(20);

    private final SlackApi slack;
    private final OutboxSettings settings;
    private final OutboxListener listener;
    private final boolean crashesCount;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Worker worker;

    private Postman(Queue queue, SlackApi slack, OutboxSettings settings, OutboxListener listener) {
        this.slack = slack;
        this.settings = settings;
        this.listener = listener;
        this.crashesCount = queue.capabilities().has(Feature.COUNTS_CRASHES);
        this.worker = Worker.start(queue, Outbox.GROUP, settings.concurrency(), this::handle);
    }

    /** Starts to work. */
    public static Postman start(Queue queue, SlackApi slack, OutboxSettings settings, OutboxListener listener) {
        return new Postman(queue, slack, settings, listener);
    }

    /**
     * Looks whether Slack has a post, whoever brought it there. Costs calls that Slack takes 50 times a minute.
     *
     * @param since when the post was made, or before
     * @return fails with a {@link dev.slackline.slack.api.SlackApiException} if Slack does not let us look
     */
    public CompletableFuture<Optional<Posted>> find(Post post, Instant since) {
        return new History(slack).find(post, since);
    }

    /** Completes when it was closed; fails if the queue ended it with an error that nothing but a person mends. */
    public CompletionStage<Void> ended() {
        return worker.ended();
    }

    /** Begins no more posts, waits up to twenty seconds for Slack's answers to those under way, and ends. Idempotent. */
    @Override
    public void close() {
        closing.countDown();
        worker.close(DRAIN);
    }

    private void handle(Delivery delivery) throws InterruptedException {
        try {
            boolean again = delivery.attempt() > 1 || !delivery.deaths().isEmpty();
            boolean unclear = again || !crashesCount; // a broker that counts no crashes may hide one
            Duration first = unclear && !again ? settings.settle() : Duration.ZERO;
            Posted posted = new Delivering(slack, settings.settle(), closing, delivery, unclear).run(first);
            if (posted != null) {
                delivery.ack().toCompletableFuture().join();
                tell(() -> listener.posted(posted));
            }
        } catch (DeadLetterException e) {
            String reason = String.valueOf(e.getMessage());
            log.error(
                    "a post became a dead letter post={} reason=\"{}\"",
                    delivery.message().id(),
                    reason);
            delivery.deadLetter(reason).toCompletableFuture().join();
            tell(() -> listener.refused(delivery.message().id(), reason));
        }
    }

    private static void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException e) {
            log.warn("a listener of the outbox failed", e);
        }
    }
}
