package dev.slackline.slack.handler;

import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.api.SlackApiException;
import dev.slackline.slack.event.SlackEvent;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a handler answers with: Slack, as seen from one event. Every method blocks until Slack has taken what was said, and
 * throws a {@link SlackApiException} when it has not; a handler that lets that through is called again where that can help.
 * With an outbox {@link #say} and {@link #reply} return when the post is durable. Thread-safe; may be kept and used after the
 * handler has returned.
 */
public final class Slack {

    private final SlackEvent event;
    private final SlackApi api;
    private final @Nullable Posts posts;
    private final ResponseUrls urls;
    private final String call;
    private final AtomicInteger posted = new AtomicInteger();

    Slack(SlackEvent event, SlackApi api, @Nullable Posts posts, ResponseUrls urls, String call) {
        this.event = event;
        this.api = api;
        this.posts = posts;
        this.urls = urls;
        this.call = call;
    }

    /** Posts where the event happened; where that was no channel, to the user directly. */
    public void say(String text) {
        say(Map.of("text", text));
    }

    /** {@link #say(String)} with any of the arguments of {@code chat.postMessage}: {@code blocks}, {@code metadata}. */
    public void say(Map<String, ?> message) {
        keep(located(message, null));
    }

    /** Posts in the thread of the message that the event is about, which may be its first answer. */
    public void reply(String text) {
        reply(Map.of("text", text));
    }

    /** {@link #reply(String)} with any of the arguments of {@code chat.postMessage}. */
    public void reply(Map<String, ?> message) {
        String thread = event.threadTs();
        keep(located(message, thread == null ? needed(event.ts(), "a message to reply to", "say or respond") : thread));
    }

    /** Posts in the thread of a message of the app's. */
    public void reply(Posted message, String text) {
        keep(located(Map.of("channel", message.channel(), "text", text), message.ts()));
    }

    /** Posts as {@link #say} does, at once and past the outbox, and tells where: to {@link #reply} to it or to {@link #update} it. */
    public Posted post(String text) {
        return post(Map.of("text", text));
    }

    /** {@link #post(String)} with any of the arguments of {@code chat.postMessage}. */
    public Posted post(Map<String, ?> message) {
        Map<String, Object> answer = call("chat.postMessage", located(message, null));
        return new Posted(String.valueOf(answer.get("channel")), String.valueOf(answer.get("ts")));
    }

    /** Changes the text of a message of the app's. */
    public void update(Posted posted, String text) {
        call("chat.update", Map.of("channel", posted.channel(), "ts", posted.ts(), "text", text));
    }

    /**
     * Reacts to the message that the event is about; once, however often it is called.
     *
     * @param name without colons
     */
    public void react(String name) {
        String channel = needed(event.channel(), "a channel", "call");
        String ts = needed(event.ts(), "a message to react to", "call");
        try {
            call("reactions.add", Map.of("channel", channel, "timestamp", ts, "name", name));
        } catch (SlackApiException e) {
            if (!e.error().equals("already_reacted")) {
                throw e;
            }
        }
    }

    /** Opens a form, within three seconds of what the user did. */
    public void open(Map<String, ?> view) {
        String trigger = needed(event.trigger(), "a trigger_id", "say");
        call("views.open", Map.of("trigger_id", trigger, "view", view));
    }

    /**
     * Answers over the {@code response_url}, for the user alone: at most five times, within thirty minutes (rule 16).
     *
     * @throws ResponseUrlException if the address takes nothing more
     * @throws IOException if Slack cannot be reached
     */
    public void respond(String text) throws IOException, InterruptedException {
        respond(Map.of("text", text));
    }

    /** {@link #respond(String)} with {@code response_type}, {@code replace_original}, {@code delete_original}, {@code blocks}. */
    public void respond(Map<String, ?> content) throws IOException, InterruptedException {
        String url = needed(event.responseUrl(), "a response_url", "say");
        urls.respond(url, event.message().publishedAt(), content);
    }

    /** Calls any method of the Web API for the workspace that the event came from. */
    public Map<String, Object> call(String method, Map<String, ?> arguments) {
        return join(api.call(team(), method, arguments));
    }

    /** The client itself, for other workspaces and for calls that are not to be waited for. */
    public SlackApi client() {
        return api;
    }

    private Map<String, Object> located(Map<String, ?> message, @Nullable String thread) {
        String channel = event.channel();
        Map<String, Object> arguments = new HashMap<>(message);
        if (!arguments.containsKey("channel")) {
            arguments.put("channel", channel == null ? needed(event.user(), "a channel or a user", "call") : channel);
        }
        if (thread != null) {
            arguments.putIfAbsent("thread_ts", thread);
        }
        return arguments;
    }

    private void keep(Map<String, Object> arguments) {
        if (posts == null) {
            call("chat.postMessage", arguments);
            return;
        }
        String channel = String.valueOf(arguments.remove("channel"));
        String id = Parts.idOf(call + "/" + posted.incrementAndGet());
        join(posts.post(id, team(), channel, arguments).toCompletableFuture());
    }

    private String team() {
        String team = event.team();
        return team == null ? "" : team;
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private String needed(@Nullable String value, String what, String instead) {
        if (value == null) {
            throw new IllegalStateException(
                    "there is not " + what + " in " + event.message().key() + "; use Slack." + instead + " instead");
        }
        return value;
    }
}
