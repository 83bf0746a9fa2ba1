package dev.slackline.slack.outbox;

import dev.slackline.queue.DeadLetterException;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A message to be posted. Immutable.
 *
 * @param id what makes a second post of it the same post; 1 to 255 bytes of UTF-8
 * @param team the workspace's id; empty when there is only one
 * @param channel the id of a channel, conversation or user, {@code C123}; no name
 * @param arguments what {@code chat.postMessage} takes, beside the channel
 */
public record Post(String id, String team, String channel, Map<String, Object> arguments) {

    static final String KEY = "outbox.post";

    private static final Pattern SLACK_ID = Pattern.compile("[A-Za-z0-9]{1,100}");

    /**
     * Checks the ids and copies the arguments.
     *
     * @throws IllegalArgumentException if the channel or the team can be no id of Slack's
     */
    public Post {
        requireId("channel", channel);
        if (!team.isEmpty()) {
            requireId("team", team);
        }
        if (!Message.isName(id)) {
            throw new IllegalArgumentException("the id of a post is 1 to 255 bytes without control characters");
        }
        if (arguments.get("metadata") != null && !(arguments.get("metadata") instanceof Map)) {
            throw new IllegalArgumentException("the argument metadata must be a map");
        }
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    }

    /** A text, under a new id. */
    public static Post of(String team, String channel, String text) {
        return new Post(UUID.randomUUID().toString(), team, channel, Map.of("text", text));
    }

    /** The same under an id of the caller's: posting it again within {@code QUEUE_DEDUP_WINDOW} changes nothing. */
    public Post withId(String newId) {
        return new Post(newId, team, channel, arguments);
    }

    /** The same as an answer in a thread. */
    public Post inThread(String threadTs) {
        return with("thread_ts", threadTs);
    }

    /** The same with one more argument of {@code chat.postMessage}: {@code blocks}, {@code unfurl_links}… */
    public Post with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(arguments);
        more.put(name, value);
        return new Post(id, team, channel, more);
    }

    /** The thread it belongs to; null for the channel itself. */
    @Nullable
    String thread() {
        return arguments.get("thread_ts") instanceof String thread ? thread : null;
    }

    Message toMessage() {
        Payload payload = Payload.of(Map.of("team", team, "channel", channel, "arguments", arguments));
        String order = team.isEmpty() ? channel : team + "/" + channel;
        return new Message(id, KEY, order, Instant.now(), Map.of(), payload);
    }

    /**
     * Reads what {@link #toMessage} wrote.
     *
     * @throws DeadLetterException if it is something else
     */
    static Post from(Message message) {
        Map<String, Object> payload = message.payload().asMap();
        if (!(payload.get("team") instanceof String team)
                || !(payload.get("channel") instanceof String channel)
                || !(payload.get("arguments") instanceof Map<?, ?> arguments)) {
            throw new DeadLetterException("this is no post of the outbox");
        }
        Map<String, Object> named = new LinkedHashMap<>();
        arguments.forEach((name, value) -> named.put(String.valueOf(name), value));
        try {
            return new Post(message.id(), team, channel, named);
        } catch (IllegalArgumentException e) {
            throw new DeadLetterException("this is no post of the outbox: " + e.getMessage());
        }
    }

    private static void requireId(String what, String text) {
        if (!SLACK_ID.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "the " + what + " of a post is its id, such as C0123456789 or U0123456789; not a name");
        }
    }
}
