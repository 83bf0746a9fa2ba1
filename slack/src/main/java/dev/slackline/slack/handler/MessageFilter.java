package dev.slackline.slack.handler;

import dev.slackline.slack.event.SlackEvent;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which messages are meant. Without further words: what people write, in any kind of channel; not what is changed, deleted,
 * or said by Slack and by bots. Immutable.
 */
public final class MessageFilter {

    /** Subtypes that people's messages have. */
    private static final Set<String> WRITTEN = Set.of("file_share", "me_message", "thread_broadcast");

    private final @Nullable String channelType;
    private final @Nullable String subtype;
    private final @Nullable Pattern text;

    private MessageFilter(@Nullable String channelType, @Nullable String subtype, @Nullable Pattern text) {
        this.channelType = channelType;
        this.subtype = subtype;
        this.text = text;
    }

    /** What people write, anywhere. */
    public static MessageFilter written() {
        return new MessageFilter(null, null, null);
    }

    /** Messages of a subtype: {@code message_changed}, {@code channel_join}, {@code bot_message}. */
    public static MessageFilter subtype(String subtype) {
        return new MessageFilter(null, subtype, null);
    }

    /** What people write to the app alone. */
    public static MessageFilter direct() {
        return written().in("im");
    }

    /** Only in this kind of channel: {@code channel}, {@code group}, {@code im}, {@code mpim}, {@code app_home}. */
    public MessageFilter in(String newChannelType) {
        return new MessageFilter(newChannelType, subtype, text);
    }

    /** Only where the pattern occurs in the text. */
    public MessageFilter matching(Pattern newText) {
        return new MessageFilter(channelType, subtype, newText);
    }

    boolean matches(SlackEvent event) {
        return isMeant(event)
                && (channelType == null || channelType.equals(event.channelType()))
                && (text == null || text.matcher(event.text()).find());
    }

    private boolean isMeant(SlackEvent event) {
        String actual = event.subtype();
        if (subtype != null) {
            return subtype.equals(actual);
        }
        return event.botId() == null && (actual == null || WRITTEN.contains(actual));
    }
}
