package dev.slackline.slack.handler;

import dev.slackline.slack.event.SlackEvent;

/**
 * Says what goes into Slack's acknowledgement, which waits for it: two seconds and a half from the arrival of the request,
 * so it should take a small part of one. As a {@link SlackHandler} it may be called again.
 */
@FunctionalInterface
public interface AnsweringHandler {

    /**
     * The answer to one request.
     *
     * @param slack to answer with otherwise
     * @throws Exception as {@link SlackHandler#handle}
     */
    Answer answer(SlackEvent event, Slack slack) throws Exception;
}
