package dev.slackline.app.send;

import dev.slackline.slack.api.SlackApi;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds a channel by the name that people know it by. */
public final class ChannelNames {

    private final SlackApi slack;
    private final String team;

    /** Looks in one workspace. */
    public ChannelNames(SlackApi slack, String team) {
        this.slack = slack;
        this.team = team;
    }

    /** Whether it is a name rather than an id. */
    public static boolean isName(String channel) {
        return channel.startsWith("#");
    }

    /**
     * The id of {@code #name}; empty if the app sees no such channel. Blocks.
     *
     * @throws java.util.concurrent.CompletionException with Slack's refusal
     */
    public Optional<String> id(String name) {
        String wanted = name.substring(1);
        String cursor = "";
        do {
            Map<String, Object> arguments = new HashMap<>(
                    Map.of("limit", 1_000, "exclude_archived", true, "types", "public_channel,private_channel"));
            if (!cursor.isEmpty()) {
                arguments.put("cursor", cursor);
            }
            Map<String, Object> answer =
                    slack.call(team, "conversations.list", arguments).join();
            List<?> channels = answer.get("channels") instanceof List<?> list ? list : List.of();
            for (Object each : channels) {
                if (each instanceof Map<?, ?> channel
                        && wanted.equals(channel.get("name"))
                        && channel.get("id") instanceof String id) {
                    return Optional.of(id);
                }
            }
            cursor = answer.get("response_metadata") instanceof Map<?, ?> metadata
                            && metadata.get("next_cursor") instanceof String next
                    ? next
                    : "";
        } while (!cursor.isEmpty());
        return Optional.empty();
    }
}
