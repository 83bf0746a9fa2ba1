package dev.slackline.slack;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.Queue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What HTTP and Socket Mode share: stores what Slack sent within {@link #PUBLISH_BUDGET}, and says what Slack is to be told.
 * Nothing is acknowledged before the queue has it durably. Thread-safe; never blocks.
 */
public final class DurableIntake {

    /** How long the queue may take to confirm, of the three seconds that Slack waits. */
    public static final Duration PUBLISH_BUDGET = Duration.ofMillis(2500);

    /** When the acknowledgement goes out at the latest, with a reply or without. */
    static final Duration REPLY_BUDGET = Duration.ofMillis(2750);

    private static final Logger log = LoggerFactory.getLogger(DurableIntake.class);

    private final Queue queue;
    private final BooleanSupplier open;
    private final ImmediateReplies replies;
    private final Occasionally failures = new Occasionally();
    private final Occasionally rateLimits = new Occasionally();
    private final Occasionally mutes = new Occasionally();

    /**
     * A way into a queue.
     *
     * @param open whether the queue takes messages yet; until it does, everything is {@link IntakeAnswer#UNAVAILABLE}
     * @param replies what commands and interactions are answered at once
     */
    public DurableIntake(Queue queue, BooleanSupplier open, ImmediateReplies replies) {
        this.queue = queue;
        this.open = open;
        this.replies = replies;
    }

    /**
     * Stores a message. Always completes normally, within {@link #PUBLISH_BUDGET}, or 250 ms later with a reply; on
     * threads of the queue, which must not be blocked.
     *
     * @param arrived when it came, by {@link System#nanoTime()}
     * @param repliable whether Slack takes a reply in this acknowledgement
     */
    public CompletableFuture<Acknowledgement> take(Incoming.Storable storable, long arrived, boolean repliable) {
        if (!open.getAsBoolean()) {
            return CompletableFuture.completedFuture(
                    Acknowledgement.plain(IntakeAnswer.UNAVAILABLE, "the queue is not ready yet; send it again"));
        }
        CompletableFuture<Acknowledgement> stored = queue.publish(storable.message(), left(PUBLISH_BUDGET, arrived))
                .handle((message, error) -> error == null ? stored(storable) : refused(storable.message(), error));
        return repliable
                ? stored.thenCompose(plain ->
                        plain.answer() == IntakeAnswer.DURABLE ? replied(storable.message(), arrived) : done(plain))
                : stored;
    }

    private static Acknowledgement plain(IntakeAnswer answer) {
        return Acknowledgement.plain(answer, "");
    }

    private static CompletionStage<Acknowledgement> done(Acknowledgement acknowledgement) {
        return CompletableFuture.completedStage(acknowledgement);
    }

    private static Duration left(Duration budget, long arrived) {
        return budget.minusNanos(System.nanoTime() - arrived);
    }

    private Acknowledgement stored(Incoming.Storable storable) {
        if (storable.answer() == IntakeAnswer.RATE_LIMIT_NOTICE) {
            rateLimits.happened(times -> log.warn(
                    "Slack holds events back: more than 30,000 in an hour for team={} notices={}",
                    storable.message().headers().get("slack-team"),
                    times));
        }
        return plain(storable.answer());
    }

    private Acknowledgement refused(Message message, Throwable error) {
        if (error instanceof PublishException refused
                && !refused.retryable()
                && message.payload().size() > queue.settings().maxPayload()) {
            return Acknowledgement.plain(IntakeAnswer.TOO_LARGE, "the message is larger than the queue takes");
        }
        failures.happened(times -> log.warn(
                "did not acknowledge, so that Slack sends it again, because the queue did not confirm message_id={}"
                        + " times={}: {}",
                message.id(),
                times,
                error.getMessage()));
        return Acknowledgement.plain(IntakeAnswer.UNAVAILABLE, "the queue did not confirm in time; send it again");
    }

    private CompletableFuture<Acknowledgement> replied(Message message, long arrived) {
        Duration left = left(REPLY_BUDGET, arrived);
        CompletableFuture<Optional<Payload>> reply;
        try {
            // a copy: the time that is over here is no failure of theirs
            reply = replies.replyTo(message, left).toCompletableFuture().copy();
        } catch (RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        return reply.completeOnTimeout(Optional.empty(), Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS)
                .exceptionally(error -> mute(message, error))
                .thenApply(given -> new Acknowledgement(IntakeAnswer.DURABLE, "", given));
    }

    private Optional<Payload> mute(Message message, Throwable error) {
        mutes.happened(times -> log.warn(
                "acknowledged without a reply, which could not be made message_id={} times={}",
                message.id(),
                times,
                error));
        return Optional.empty();
    }
}
