package dev.slackline.slack.handler;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Keeps posts until Slack has them: an outbox. Must be thread-safe. */
@FunctionalInterface
public interface Posts {

    /**
     * Keeps one post.
     *
     * @param id the same when a handler that is called again posts the same again; the second is to change nothing
     * @param team the workspace; empty when there is only one
     * @param channel the channel, or the user
     * @param arguments those of {@code chat.postMessage}, beside the channel
     * @return completes once the post is durable
     */
    CompletionStage<?> post(String id, String team, String channel, Map<String, Object> arguments);
}
