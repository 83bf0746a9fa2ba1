package dev.slackline.slack.simulator;

import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.Posted;
import dev.slackline.slack.simulator.state.Reactions;
import dev.slackline.slack.simulator.state.User;
import dev.slackline.slack.simulator.state.View;
import dev.slackline.slack.simulator.state.Workspace;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A person of a workspace, and what they do in Slack. Nothing waits for the app: each method answers with what the app
 * is told, which can be waited for. Channels are given by name, with or without {@code #}, or by id; {@code @NAME} is
 * the direct conversation with somebody, such as the bot. Thread-safe.
 */
public final class SimulatedUser {

    private final Workspace workspace;
    private final User user;
    private final Interactions interactions;

    SimulatedUser(Workspace workspace, User user, Interactions interactions) {
        this.workspace = workspace;
        this.user = user;
        this.interactions = interactions;
    }

    /** As {@code U…}. */
    public String id() {
        return user.id();
    }

    /** The name without {@code @}. */
    public String name() {
        return user.name();
    }

    /** Writes a message; joins the channel if need be. */
    public Posted says(String channel, String text) {
        return says(channel, text, null);
    }

    /**
     * Writes into a thread.
     *
     * @param threadTs the message that begins the thread; null for none
     */
    public Posted says(String channel, String text, @Nullable String threadTs) {
        synchronized (workspace) {
            Channel found = channel(channel);
            found.members().add(user.id());
            return workspace.post(found, user, Json.object().put("text", text), threadTs);
        }
    }

    /** Changes the text of a message. */
    public List<Occurrence> edits(String channel, String ts, String text) {
        synchronized (workspace) {
            Channel found = channel(channel);
            return workspace.edit(found, user, message(found, ts), Json.object().put("text", text));
        }
    }

    /** Deletes a message. */
    public List<Occurrence> deletes(String channel, String ts) {
        synchronized (workspace) {
            Channel found = channel(channel);
            return workspace.delete(found, message(found, ts));
        }
    }

    /** Reacts to a message with an emoji, given without colons. */
    public void reacts(String channel, String ts, String emoji) {
        synchronized (workspace) {
            Channel found = channel(channel);
            Reactions.add(workspace, found, message(found, ts), user, emoji);
        }
    }

    /**
     * Types a slash command. What the app answers within three seconds appears in the channel.
     *
     * @param command with its slash
     */
    public Occurrence command(String command, String text, String channel) {
        synchronized (workspace) {
            return interactions.command(workspace, user, channel(channel), command, text);
        }
    }

    /**
     * Presses a button, or chooses the first option of a menu, of a message.
     *
     * @throws IllegalArgumentException if the message has no such element
     */
    public Occurrence clicks(String channel, String ts, String actionId) {
        return chooses(channel, ts, actionId, null);
    }

    /** Chooses an option of a menu of a message, or presses a button whatever the value. */
    public Occurrence chooses(String channel, String ts, String actionId, @Nullable String value) {
        synchronized (workspace) {
            Channel found = channel(channel);
            return interactions.action(workspace, user, found, message(found, ts), actionId, value);
        }
    }

    /** Presses a button, or chooses an option, within a modal or a home tab. */
    public Occurrence chooses(View view, String actionId, @Nullable String value) {
        synchronized (workspace) {
            return interactions.action(view, user, actionId, value);
        }
    }

    /** Starts a shortcut of the whole workspace. */
    public Occurrence shortcut(String callbackId) {
        synchronized (workspace) {
            return interactions.shortcut(workspace, user, callbackId);
        }
    }

    /** Starts a shortcut of a message. */
    public Occurrence messageShortcut(String callbackId, String channel, String ts) {
        synchronized (workspace) {
            Channel found = channel(channel);
            return interactions.messageShortcut(workspace, user, found, message(found, ts), callbackId);
        }
    }

    /** Types into a menu whose options the app gives; they are in the answer of the attempt. */
    public Occurrence types(View view, String actionId, String typed) {
        synchronized (workspace) {
            return interactions.suggestion(view, user, actionId, typed);
        }
    }

    /** What is open before this person, the uppermost last. */
    public List<View> views() {
        return interactions.views(user);
    }

    /**
     * Waits until a modal is open.
     *
     * @throws IllegalStateException if the bound passes
     */
    public View awaitModal(Duration bound) {
        return interactions.awaitView(
                bound, "modal", () -> views().stream().filter(View::isModal).reduce((lower, upper) -> upper));
    }

    /**
     * Waits until a home tab is there.
     *
     * @throws IllegalStateException if the bound passes
     */
    public View awaitHome(Duration bound) {
        return interactions.awaitView(
                bound,
                "home tab",
                () -> views().stream().filter(view -> !view.isModal()).findFirst());
    }

    /**
     * Submits a modal. Unless the app answers with errors, another view or an update, it closes.
     *
     * @param values what was filled in, by action id: text, the value of an option, an id, a date
     */
    public Occurrence submits(View view, Map<String, String> values) {
        synchronized (workspace) {
            return interactions.submission(view, user, values);
        }
    }

    /** Closes a modal; the app is told if it wanted to be. */
    public Optional<Occurrence> closes(View view) {
        synchronized (workspace) {
            return interactions.closed(view, user);
        }
    }

    /** Opens the app's home tab. */
    public List<Occurrence> opensHome() {
        synchronized (workspace) {
            ObjectNode event = Json.object()
                    .put("type", "app_home_opened")
                    .put("user", user.id())
                    .put("channel", workspace.direct(user, workspace.bot()).id())
                    .put("event_ts", workspace.timestamps().next())
                    .put("tab", "home");
            return workspace.emit(event);
        }
    }

    /** The messages of a channel by time, with those that this person alone sees. */
    public List<ChannelMessage> sees(String channel) {
        synchronized (workspace) {
            Channel found = channel(channel);
            return Stream.concat(found.messages().values().stream(), found.ephemeral().stream())
                    .map(message -> ChannelMessage.of(found, message))
                    .filter(message ->
                            message.visibleTo() == null || message.visibleTo().equals(user.id()))
                    .sorted(Comparator.comparing(ChannelMessage::ts))
                    .toList();
        }
    }

    private Channel channel(String reference) {
        if (reference.startsWith("@")) {
            User other = workspace.user(reference).orElseThrow(() -> missing(reference));
            return workspace.direct(user, other);
        }
        return workspace.channel(reference).orElseThrow(() -> missing(reference));
    }

    private static ObjectNode message(Channel channel, String ts) {
        ObjectNode found = channel.messages().get(ts);
        if (found == null) {
            throw missing("message " + ts);
        }
        return found;
    }

    private static IllegalArgumentException missing(String reference) {
        return new IllegalArgumentException("there is no " + reference);
    }
}
