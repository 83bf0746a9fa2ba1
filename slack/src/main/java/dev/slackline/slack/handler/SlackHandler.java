package dev.slackline.slack.handler;

import dev.slackline.slack.event.SlackEvent;

/**
 * Does something about an event. May be called concurrently, for one ordering key one after another; may block. Called again
 * when it failed, and when the process died before its success was noted: what must not happen twice is to be recognised by
 * {@link dev.slackline.queue.Message#id()}.
 */
@FunctionalInterface
public interface SlackHandler {

    /**
     * Handles one event. To return is to be done.
     *
     * @param slack to answer with
     * @throws dev.slackline.queue.DeadLetterException if no attempt can succeed
     * @throws dev.slackline.queue.RetryLaterException to choose the delay of the next attempt
     * @throws Exception to be called again with the queue's backoff, until {@code QUEUE_MAX_ATTEMPTS}
     */
    void handle(SlackEvent event, Slack slack) throws Exception;
}
