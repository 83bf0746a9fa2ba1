package dev.slackline.mcp.inbox;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import java.util.Map;

/** Events as the intake stores them. */
final class Mentions {

    static final String KEY = "event.app_mention";

    private Mentions() {}

    static Message of(String channel, String user, String text) {
        return of(KEY, channel, user, text);
    }

    static Message of(String key, String channel, String user, String text) {
        Map<String, Object> event = Map.of(
                "type", "app_mention", "channel", channel, "user", user, "text", text, "ts", "1700000000.000100");
        return Message.of(key, Payload.of(Map.of("team_id", "T1", "event", event)));
    }
}
