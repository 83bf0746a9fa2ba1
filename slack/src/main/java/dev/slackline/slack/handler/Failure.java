package dev.slackline.slack.handler;

import dev.slackline.queue.DeadLetterException;
import dev.slackline.queue.RetryLaterException;
import dev.slackline.slack.api.SlackApiException;
import java.time.Duration;

/**
 * What a handler threw.
 *
 * @param handler the handler's name
 * @param cause as the worker understands it
 */
record Failure(String handler, Exception cause) {

    /** Says what is known of the next attempt: that it comes too early, or that none can succeed. */
    static Exception translated(Exception thrown) {
        if (thrown instanceof SlackApiException refused) {
            Duration retryAfter = refused.retryAfter();
            String reason = String.valueOf(refused.getMessage());
            return retryAfter != null
                    ? new RetryLaterException(retryAfter, reason)
                    : refused.retryable() ? refused : new DeadLetterException(reason, refused);
        }
        return thrown instanceof ResponseUrlException || thrown instanceof TooLateException
                ? new DeadLetterException(String.valueOf(thrown.getMessage()), thrown)
                : thrown;
    }

    boolean isFinal() {
        return cause instanceof DeadLetterException;
    }

    /** How long the next attempt waits; zero for the queue's own backoff. */
    Duration delay() {
        return cause instanceof RetryLaterException later ? later.delay() : Duration.ZERO;
    }

    String reason() {
        return cause instanceof DeadLetterException || cause instanceof RetryLaterException
                ? String.valueOf(cause.getMessage())
                : cause.toString();
    }
}
