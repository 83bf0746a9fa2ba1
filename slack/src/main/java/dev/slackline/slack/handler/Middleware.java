package dev.slackline.slack.handler;

import dev.slackline.slack.event.SlackEvent;

/**
 * Runs around every call of a handler: for logs, metrics, traces, authorisation. May be called concurrently.
 */
@FunctionalInterface
public interface Middleware {

    /** The handler, with the middleware that comes after this one. */
    @FunctionalInterface
    interface Next {

        /** Calls it. */
        void run() throws Exception;
    }

    /**
     * Calls {@code next}, or does not: then the handler is passed over, and counts as done.
     *
     * @throws Exception as {@link SlackHandler#handle}; what {@code next} throws should be thrown on
     */
    void around(SlackEvent event, Slack slack, Next next) throws Exception;
}
