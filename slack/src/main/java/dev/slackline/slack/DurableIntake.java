package dev.slackline.slack;

import dev.slackline.queue.Message;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.Queue;
import dev.slackline.slack.answer.Answers;
import dev.slackline.slack.answer.Expectation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What HTTP and Socket Mode share: stores what Slack sent within {@link #PUBLISH_BUDGET}, and says what Slack is to be told.
 * Nothing is acknowledged before the queue has it durably. Thread-safe; never blocks.
 */
public final class DurableIntake {

    /** How long the queue may take to confirm, of the three seconds that Slack waits. */
    public static final Duration PUBLISH_BUDGET = Duration.ofMillis(2500);

    private static final Logger log = LoggerFactory.getLogger(DurableIntake.class);

    private final Queue queue;
    private final BooleanSupplier open;
    private final Answers answers;
    private final Consumer<Message> first;
    private final Occasionally failures = new Occasionally();
    private final Occasionally rateLimits = new Occasionally();

    /** {@link #DurableIntake(Queue, BooleanSupplier, Answers, Consumer)}, with nobody to hear of messages first. */
    public DurableIntake(Queue queue, BooleanSupplier open, Answers answers) {
        this(queue, open, answers, message -> {});
    }

    /**
     * A way into a queue.
     *
     * @param open whether the queue takes messages yet; until it does, everything is {@link IntakeAnswer#UNAVAILABLE}
     * @param answers what handlers may say in the acknowledgement
     * @param first hears of each message before it is stored, and so before any handler (rule 12); what it throws is logged. Must
     *     return soon
     */
    public DurableIntake(Queue queue, BooleanSupplier open, Answers answers, Consumer<Message> first) {
        this.queue = queue;
        this.open = open;
        this.answers = answers;
        this.first = first;
    }

    /**
     * Stores a message. Always completes normally, within {@link #PUBLISH_BUDGET} and then the time that is given to
     * handlers for an answer, which begins when the message arrives; on threads that must not be blocked.
     *
     * @param arrived when it came, by {@link System#nanoTime()}
     * @param repliable whether Slack takes a reply in this acknowledgement
     */
    public CompletableFuture<Acknowledgement> take(Incoming.Storable storable, long arrived, boolean repliable) {
        if (!open.getAsBoolean()) {
            return CompletableFuture.completedFuture(
                    Acknowledgement.plain(IntakeAnswer.UNAVAILABLE, "the queue is not ready yet; send it again"));
        }
        hearFirst(storable.message());
        Expectation expectation =
                repliable ? answers.expect(storable.message()) : Expectation.nothing(storable.message());
        return queue.publish(expectation.message(), left(arrived))
                .handle((message, error) -> error)
                .thenCompose(error -> {
                    if (error == null) {
                        return stored(storable, expectation);
                    }
                    expectation.abandon();
                    return CompletableFuture.completedFuture(refused(storable.message(), error));
                });
    }

    private void hearFirst(Message message) {
        try {
            first.accept(message);
        } catch (RuntimeException e) {
            log.error("who hears of messages first failed message_id={}", message.id(), e);
        }
    }

    private static Duration left(long arrived) {
        return PUBLISH_BUDGET.minusNanos(System.nanoTime() - arrived);
    }

    private CompletionStage<Acknowledgement> stored(Incoming.Storable storable, Expectation expectation) {
        if (storable.answer() == IntakeAnswer.RATE_LIMIT_NOTICE) {
            rateLimits.happened(times -> log.warn(
                    "Slack holds events back: more than 30,000 in an hour for team={} notices={}",
                    storable.message().headers().get("slack-team"),
                    times));
        }
        return expectation
                .answer()
                .thenApply(content -> content.isPresent()
                        ? new Acknowledgement(IntakeAnswer.ANSWERED, "", content)
                        : Acknowledgement.plain(storable.answer(), ""));
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
}
