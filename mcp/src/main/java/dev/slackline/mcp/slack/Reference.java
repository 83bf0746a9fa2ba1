package dev.slackline.mcp.slack;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an agent means by a text that names a conversation or a person.
 *
 * @param kind what is named
 * @param value the id, or the name without {@code #} and {@code @}
 */
record Reference(Kind kind, String value) {

    enum Kind {
        CHANNEL_ID,
        CHANNEL_NAME,
        USER_ID,
        USER_NAME
    }

    private static final Pattern ADDRESS =
            Pattern.compile("https://[^/\\s]+/archives/([CGD][A-Z0-9]{5,})(?:/.*)?", Pattern.DOTALL);
    private static final Pattern MENTION = Pattern.compile("<([#@])([A-Z][A-Z0-9]{5,})(?:\\|[^>]*)?>");
    private static final Pattern CHANNEL = Pattern.compile("[CGD][A-Z0-9]{5,}");
    private static final Pattern USER = Pattern.compile("[UW][A-Z0-9]{5,}");

    /** For a conversation: {@code #general}, {@code general}, {@code @ada}, {@code C…}, {@code U…}, {@code <#C…>}, an address. */
    static Reference toConversation(String text) {
        Matcher address = ADDRESS.matcher(text);
        if (address.matches()) {
            return new Reference(Kind.CHANNEL_ID, address.group(1));
        }
        Matcher mention = MENTION.matcher(text);
        if (mention.matches()) {
            return new Reference(mention.group(1).equals("#") ? Kind.CHANNEL_ID : Kind.USER_ID, mention.group(2));
        }
        if (CHANNEL.matcher(text).matches()) {
            return new Reference(Kind.CHANNEL_ID, text);
        }
        if (USER.matcher(text).matches()) {
            return new Reference(Kind.USER_ID, text);
        }
        return text.startsWith("@")
                ? new Reference(Kind.USER_NAME, text.substring(1))
                : new Reference(Kind.CHANNEL_NAME, text.startsWith("#") ? text.substring(1) : text);
    }

    /** For a person: {@code @ada}, {@code ada}, {@code U…}, {@code <@U…>}. */
    static Reference toUser(String text) {
        Matcher mention = MENTION.matcher(text);
        if (mention.matches() && mention.group(1).equals("@")) {
            return new Reference(Kind.USER_ID, mention.group(2));
        }
        if (USER.matcher(text).matches()) {
            return new Reference(Kind.USER_ID, text);
        }
        return new Reference(Kind.USER_NAME, text.startsWith("@") ? text.substring(1) : text);
    }
}
