package dev.slackline.slack.outbox;

import dev.slackline.slack.api.SlackApi;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Looks whether a post is in Slack, by the mark that it carries (rule 28): Slack knows no key under which a message is posted
 * once. Thread-safe.
 */
final class History {

    private static final String METADATA = "metadata";
    private static final String PAYLOAD = "event_payload";
    private static final String MARK = "slackline_id";

    /** By how much this machine's clock may be ahead of Slack's. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final int PAGE = 200;

    private final SlackApi slack;

    History(SlackApi slack) {
        this.slack = slack;
    }

    /** What {@code chat.postMessage} is called with, the mark included; metadata of the post's own stays. */
    static Map<String, Object> marked(Post post) {
        Map<String, Object> payload = new HashMap<>();
        String type = "slackline_outbox";
        if (post.arguments().get(METADATA) instanceof Map<?, ?> own) {
            if (own.get(PAYLOAD) instanceof Map<?, ?> ownPayload) {
                ownPayload.forEach((name, value) -> payload.put(String.valueOf(name), value));
            }
            type = own.get("event_type") instanceof String ownType ? ownType : type;
        }
        payload.put(MARK, post.id());
        Map<String, Object> arguments = new LinkedHashMap<>(post.arguments());
        arguments.put("channel", post.channel());
        arguments.put(METADATA, Map.of("event_type", type, PAYLOAD, payload));
        return arguments;
    }

    /** Looks for a post that was made durable at that time. Fails as a call does. */
    CompletableFuture<Optional<Posted>> find(Post post, Instant since) {
        return conversation(post).thenCompose(channel -> page(post, channel, since, ""));
    }

    /** A user's id names nobody's history; that of the direct messages with them does. */
    private CompletableFuture<String> conversation(Post post) {
        char kind = post.channel().charAt(0);
        if (kind != 'U' && kind != 'W') {
            return CompletableFuture.completedFuture(post.channel());
        }
        return slack.call(post.team(), "conversations.open", Map.of("users", post.channel()))
                .thenApply(answer ->
                        answer.get("channel") instanceof Map<?, ?> channel && channel.get("id") instanceof String id
                                ? id
                                : post.channel());
    }

    private CompletableFuture<Optional<Posted>> page(Post post, String channel, Instant since, String cursor) {
        String thread = post.thread();
        Map<String, Object> arguments = new HashMap<>(Map.of(
                "channel",
                channel,
                "limit",
                PAGE,
                "include_all_metadata",
                true,
                "oldest",
                since.minus(SKEW).getEpochSecond()));
        if (thread != null) {
            arguments.put("ts", thread);
        }
        if (!cursor.isEmpty()) {
            arguments.put("cursor", cursor);
        }
        String method = thread == null ? "conversations.history" : "conversations.replies";
        return slack.call(post.team(), method, arguments).thenCompose(answer -> {
            Optional<Posted> found = find(post, channel, answer);
            String next = nextCursor(answer);
            return found.isPresent() || next.isEmpty() || next.equals(cursor)
                    ? CompletableFuture.completedFuture(found)
                    : page(post, channel, since, next);
        });
    }

    private static Optional<Posted> find(Post post, String channel, Map<String, Object> answer) {
        List<?> messages = answer.get("messages") instanceof List<?> list ? list : List.of();
        return messages.stream()
                .filter(message -> isMarked(message, post.id()))
                .map(message -> ((Map<?, ?>) message).get("ts"))
                .filter(String.class::isInstance)
                .map(ts -> new Posted(post.id(), channel, (String) ts))
                .findFirst();
    }

    private static boolean isMarked(Object message, String id) {
        return message instanceof Map<?, ?> fields
                && fields.get(METADATA) instanceof Map<?, ?> metadata
                && metadata.get(PAYLOAD) instanceof Map<?, ?> payload
                && id.equals(payload.get(MARK));
    }

    private static String nextCursor(Map<String, Object> answer) {
        return answer.get("response_metadata") instanceof Map<?, ?> metadata
                        && metadata.get("next_cursor") instanceof String cursor
                ? cursor
                : "";
    }
}
