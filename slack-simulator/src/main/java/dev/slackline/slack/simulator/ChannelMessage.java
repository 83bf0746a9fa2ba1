package dev.slackline.slack.simulator;

import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A message as it was when somebody looked.
 *
 * @param channel the id of the channel
 * @param ts its time, which is its id
 * @param threadTs the thread it belongs to; null for none
 * @param user the id of its author
 * @param botId that of the bot which wrote it; null for a person
 * @param visibleTo the id of the only one who sees it; null for everybody
 * @param text its text, empty if it has none
 * @param json all of it
 */
public record ChannelMessage(
        String channel,
        String ts,
        @Nullable String threadTs,
        String user,
        @Nullable String botId,
        @Nullable String visibleTo,
        String text,
        ObjectNode json) {

    static ChannelMessage of(Channel channel, ObjectNode message) {
        return new ChannelMessage(
                channel.id(),
                Json.text(message, "ts"),
                Json.textOrNull(message, "thread_ts"),
                Json.text(message, "user"),
                Json.textOrNull(message, "bot_id"),
                Json.textOrNull(message, "visible_to"),
                Json.text(message, "text"),
                message.deepCopy());
    }

    /** Whether a bot wrote it. */
    public boolean isFromBot() {
        return botId != null;
    }
}
