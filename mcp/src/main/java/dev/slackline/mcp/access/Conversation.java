package dev.slackline.mcp.access;

import java.util.Locale;

/**
 * A place in Slack where people write.
 *
 * @param id {@code C…}, {@code G…}, {@code D…}; {@code U…} for a direct one that is not open yet
 * @param name without {@code #}; empty for a direct one
 * @param isDirect whether it is between two or a few people
 */
public record Conversation(String id, String name, boolean isDirect) {

    public Conversation {
        name = name.toLowerCase(Locale.ROOT);
    }
}
