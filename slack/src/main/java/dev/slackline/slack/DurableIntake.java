package dev.slackline.slack;

import dev.slackline.queue.Message;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.Queue;
import dev.slackline.slack.answer.Answers;
import dev.slackline.slack.answer.Expectation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What HTTP and Socket Mode share: stores what Slack sent within a budget, and says what Slack is to be told.
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
    private final Duration budget;
    private final Occasionally failures = new Occasionally();
    private final Occasionally rateLimits = new Occasionally();

    /** {@link #DurableIntake(Queue, BooleanSupplier, Answers, Consumer)}, with nobody to hear of messages first. */
    public DurableIntake(Queue queue, BooleanSupplier open, Answers answers) {
        this(queue, open, answers, message -> {});
    }

    /** {@link #DurableIntake(Queue, BooleanSupplier, Answers, Consumer, Duration)} within {@link #PUBLISH_BUDGET}. */
    public DurableIntake(Queue queue, BooleanSupplier open, Answers answers, Consumer<Message> first) {
        this(queue, open, answers, first, PUBLISH_BUDGET);
    }

    /**
     * A way into a queue.
     *
     * @param open whether the queue takes messages yet; until it does, everything is {@link IntakeAnswer#UNAVAILABLE}
     * @param answers what handlers may say in the acknowledgement of commands and interactions
     * @param first hears of each message before it is stored, and so before any handler (rule 12); what it throws is logged. Must
     *     return soon
     * @param budget how long the queue may take to confirm; Slack waits for no more than {@link #PUBLISH_BUDGET}, what stands
     *     in for it may
     */
    public DurableIntake(Queue queue, BooleanSupplier open, Answers answers, Consumer<Message> first, Duration budget) {
        this.queue = queue;
        this.open = open;
        this.answers = answers;
        this.first = first;
        this.budget = budget;
    }

    /**
     * Stores a message, and waits for the answer to it where one is expected. Always completes normally, within its
     * budget or {@code SLACK_ANSWER_TIMEOUT}, whichever is longer; on threads of the queue and others, which must not be
     * blocked.
     *
     * @param arrived when it came, by {@link System#nanoTime()}
     * @param repliable whether Slack takes an answer in this acknowledgement
     */
    public CompletableFuture<Acknowledgement> take(Incoming.Storable storable, long arrived, boolean repliable) {
        if (!open.getAsBoolean()) {
            return CompletableFuture.completedFuture(
                    Acknowledgement.plain(IntakeAnswer.UNAVAILABLE, "the queue is not ready yet; send it again"));
        }
        hearFirst(storable.message());
        if (!repliable || storable.answer() != IntakeAnswer.DURABLE) {
            return store(storable, storable.message(), arrived);
        }
        Expectation expectation = answers.expect(storable.message());
        return store(storable, expectation.message(), arrived).thenCompose(plain -> {
            if (plain.answer() != IntakeAnswer.DURABLE) {
                expectation.abandon();
                return CompletableFuture.completedStage(plain);
            }
            return expectation
                    .answer()
                    .thenApply(content ->
                            content.isPresent() ? new Acknowledgement(IntakeAnswer.ANSWERED, "", content) : plain);
        });
    }

    private void hearFirst(Message message) {
        try {
            first.accept(message);
        } catch (RuntimeException e) {
            log.error("who hears of messages first failed message_id={}", message.id(), e);
        }
    }

    private CompletableFuture<Acknowledgement> store(Incoming.Storable storable, Message message, long arrived) {
        return queue.publish(message, left(budget, arrived))
                .handle((stored, error) -> error == null ? stored(storable) : refused(message, error));
    }

    private static Acknowledgement plain(IntakeAnswer answer) {
        return Acknowledgement.plain(answer, "");
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
}
