package dev.slackline.slack;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What the acknowledgement to Slack carries beside itself: the errors of a {@code view_submission}, the options of a {@code
 * block_suggestion}, the immediate answer to a slash command. One for HTTP and Socket Mode alike. Must be thread-safe.
 */
@FunctionalInterface
public interface ImmediateReplies {

    /** Nothing: every acknowledgement is a plain one. */
    ImmediateReplies NONE = (stored, left) -> CompletableFuture.completedStage(Optional.empty());

    /**
     * Asks for the reply to a slash command or an interaction, once it is durable. Called on threads of the queue, and so
     * must return at once. A failure, or an answer after the time, makes the acknowledgement a plain one; the message is
     * handled from the queue in any case.
     *
     * @param left how long Slack can still wait; what comes later is ignored
     */
    CompletionStage<Optional<Payload>> replyTo(Message stored, Duration left);
}
