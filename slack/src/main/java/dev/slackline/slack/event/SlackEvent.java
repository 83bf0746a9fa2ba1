package dev.slackline.slack.event;

import dev.slackline.queue.Message;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Slack sent, as a handler reads it: a view over the stored message, whose JSON is parsed when it is first asked for
 * and never written anew. Whatever Slack did not send is null, or empty where it is text that people write. Events, slash
 * commands and interactions have the same words for the same things. Thread-safe.
 */
public final class SlackEvent {

    /** What kind of request it was. */
    public enum Kind {
        /** An event of the Events API. */
        EVENT,
        /** A slash command. */
        COMMAND,
        /** A button, a menu, a form, a shortcut. */
        INTERACTION,
        /** Slack holds events back. */
        RATE_LIMIT,
        /** Genuine, and nothing that is known here. */
        UNKNOWN
    }

    /** Their subject is who joined or left, and that may be the app itself. */
    private static final Set<String> ABOUT_MEMBERS = Set.of("member_joined_channel", "member_left_channel");

    private final Message message;
    private final Kind kind;
    private volatile @Nullable Map<String, Object> json;
    private volatile @Nullable Map<String, Object> body;

    private SlackEvent(Message message, Kind kind) {
        this.message = message;
        this.kind = kind;
    }

    /** What a message of the intake holds. */
    public static SlackEvent of(Message message) {
        String key = message.key();
        Kind kind = key.startsWith("event.")
                ? Kind.EVENT
                : key.startsWith("command.")
                        ? Kind.COMMAND
                        : key.startsWith("interaction.")
                                ? Kind.INTERACTION
                                : key.equals("app_rate_limited") ? Kind.RATE_LIMIT : Kind.UNKNOWN;
        return new SlackEvent(message, kind);
    }

    /** The message itself: its id is the same however often Slack or the queue delivers it. */
    public Message message() {
        return message;
    }

    /** What kind of request it was. */
    public Kind kind() {
        return kind;
    }

    /** {@code app_mention}, {@code slash_command}, {@code block_actions}; empty if Slack did not say. */
    public String type() {
        String type = kind == Kind.COMMAND ? "slash_command" : Json.text(body(), "type");
        return type == null ? "" : type;
    }

    /** {@link #type()} as one of the known types of events. */
    public Optional<EventType> eventType() {
        return kind == Kind.EVENT ? EventType.of(type()) : Optional.empty();
    }

    /** {@code channel_join}, {@code message_changed}. */
    public @Nullable String subtype() {
        return kind == Kind.EVENT ? Json.text(body(), "subtype") : null;
    }

    /** The channel it happened in. */
    public @Nullable String channel() {
        return Json.text(
                body(),
                "channel",
                "channel.id",
                "channel_id",
                "item.channel",
                "assistant_thread.channel_id",
                "container.channel_id");
    }

    /** {@code channel}, {@code group}, {@code im}, {@code mpim}, {@code app_home}. */
    public @Nullable String channelType() {
        return Json.text(body(), "channel_type");
    }

    /** Who did it. */
    public @Nullable String user() {
        return Json.text(body(), "user", "user.id", "user_id", "assistant_thread.user_id", "message.user");
    }

    /** The bot that wrote the message, if one did. */
    public @Nullable String botId() {
        return Json.text(body(), "bot_id", "message.bot_id");
    }

    /** The workspace; the organisation where the app is installed for all of it. */
    public @Nullable String team() {
        return Json.text(json(), "team_id", "team.id", "user.team_id", "enterprise_id", "enterprise.id");
    }

    /** The organisation that the workspace belongs to. */
    public @Nullable String enterprise() {
        return Json.text(json(), "enterprise_id", "enterprise.id");
    }

    /** The app it was sent to. */
    public @Nullable String appId() {
        return Json.text(json(), "api_app_id");
    }

    /**
     * What was written: the text of a message, what follows a slash command, what is typed into a menu that wants its
     * options. Empty if there is none.
     */
    public String text() {
        String text = kind == Kind.INTERACTION
                ? Json.text(body(), "message.text", "value")
                : Json.text(body(), "text", "message.text");
        return text == null ? "" : text;
    }

    /** The message it is about: with {@link #channel()} the name of a message in Slack. */
    public @Nullable String ts() {
        return Json.text(body(), "message.ts", "ts", "item.ts", "message_ts", "container.message_ts");
    }

    /** The thread it is in; null outside of threads. */
    public @Nullable String threadTs() {
        return Json.text(body(), "thread_ts", "message.thread_ts", "assistant_thread.thread_ts", "container.thread_ts");
    }

    /** When it happened; the order of events of a channel is the order of these (rule 17). */
    public @Nullable String eventTs() {
        return Json.text(body(), "event_ts", "action_ts", "actions.0.action_ts");
    }

    /** {@code Ev…}, of events alone; {@link Message#id()} identifies everything. */
    public @Nullable String eventId() {
        return Json.text(json(), "event_id");
    }

    /** What opens a form within three seconds, once (rule 16). */
    public @Nullable String trigger() {
        return Json.text(body(), "trigger_id");
    }

    /** Where to answer, five times within thirty minutes (rule 16). */
    public @Nullable String responseUrl() {
        return Json.text(body(), "response_url", "response_urls.0.response_url");
    }

    /** {@code /deploy}. */
    public @Nullable String command() {
        return Json.text(body(), "command");
    }

    /** The name that the app gave to a form or a shortcut. */
    public @Nullable String callbackId() {
        return Json.text(body(), "view.callback_id", "callback_id");
    }

    /** The elements that were used; for a menu that wants its options, that menu. */
    public List<Action> actions() {
        if (kind != Kind.INTERACTION) {
            return List.of();
        }
        List<?> used = type().equals("block_suggestion") ? List.of(body()) : Json.list(body(), "actions");
        return used.stream().map(SlackEvent::action).toList();
    }

    /** The form, or the app's home, it came from; empty if it came from none. */
    public Map<String, Object> view() {
        return Json.object(body(), "view");
    }

    /**
     * What was entered into a form, or into the message it came from.
     *
     * @param id the {@code action_id} of the element, or the {@code block_id} of its block
     */
    public @Nullable String input(String id) {
        return inputs().get(id);
    }

    /** Everything that was entered, by {@code action_id} and by {@code block_id}; what is empty is left out. */
    public Map<String, String> inputs() {
        Map<String, String> inputs = new LinkedHashMap<>();
        Map<String, Object> blocks = Json.object(body(), "view.state.values");
        if (blocks.isEmpty()) {
            blocks = Json.object(body(), "state.values");
        }
        blocks.forEach((block, elements) -> Json.object(elements).forEach((id, element) -> {
            String chosen = Json.chosen(element);
            if (chosen != null) {
                inputs.put(id, chosen);
                inputs.putIfAbsent(block, chosen);
            }
        }));
        return inputs;
    }

    /** The installations it is visible to; Slack names one of them at most (rule 13). */
    public List<Authorization> authorizations() {
        return Json.list(json(), "authorizations").stream()
                .map(each -> new Authorization(
                        Json.text(each, "enterprise_id"),
                        Json.text(each, "team_id"),
                        Json.text(each, "user_id"),
                        Boolean.TRUE.equals(Json.at(each, "is_bot"))))
                .toList();
    }

    /**
     * Whether this app did it itself: whoever answers that answers themselves, for ever (rule 14). Told by the app's id on
     * what it posted, and by the user of its installation.
     */
    public boolean isOwn() {
        if (kind != Kind.EVENT || ABOUT_MEMBERS.contains(type())) {
            return false;
        }
        String app = appId();
        String poster =
                Json.text(body(), "app_id", "bot_profile.app_id", "message.app_id", "message.bot_profile.app_id");
        if (app != null && botId() != null && app.equals(poster)) {
            return true;
        }
        String user = user();
        return user != null && authorizations().stream().anyMatch(each -> each.isBot() && user.equals(each.user()));
    }

    /** What is at a path in {@link #body()}, of names and, in lists, numbers: {@code item.reaction}, {@code files.0.id}. */
    public @Nullable Object at(String path) {
        return Json.at(body(), path);
    }

    /** The text or number at a path in {@link #body()}. */
    public @Nullable String string(String path) {
        return Json.text(body(), path);
    }

    /** The inner event of an event; everything of a command or an interaction. */
    public Map<String, Object> body() {
        Map<String, Object> inner = body;
        if (inner == null) {
            inner = kind == Kind.EVENT ? Collections.unmodifiableMap(Json.object(json(), "event")) : json();
            body = inner;
        }
        return inner;
    }

    /** Everything that Slack sent. */
    public Map<String, Object> json() {
        Map<String, Object> parsed = json;
        if (parsed == null) {
            parsed = Collections.unmodifiableMap(message.payload().asMap());
            json = parsed;
        }
        return parsed;
    }

    /** The key and the id, nothing of what people wrote. */
    @Override
    public String toString() {
        return "SlackEvent[" + message.key() + " " + message.id() + "]";
    }

    private static Action action(Object json) {
        String id = Json.text(json, "action_id", "name");
        return new Action(
                id == null ? "" : id,
                Json.text(json, "block_id"),
                Json.text(json, "type"),
                Json.chosen(json),
                Json.object(json));
    }
}
