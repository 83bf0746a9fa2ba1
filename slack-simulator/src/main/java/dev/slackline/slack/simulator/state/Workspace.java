package dev.slackline.slack.simulator.state;

import dev.slackline.slack.simulator.delivery.Occurrence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A workspace: its people, its channels, and the bot of the app. It is its own lock: whoever reads or changes more than
 * one thing of it synchronizes on it. Occurrences are handed out under the lock, in order.
 */
public final class Workspace {

    /** The name of {@link #items} that are user groups: {@code id}, {@code name}, {@code handle}, {@code users}. */
    public static final String USER_GROUPS = "usergroups";

    private final String id;
    private final String name;
    private final Ids ids;
    private final Timestamps timestamps;
    private final AppEvents events;
    private final Map<String, User> users = new LinkedHashMap<>();
    private final Map<String, Channel> channels = new LinkedHashMap<>();
    private final Map<String, List<ObjectNode>> items = new LinkedHashMap<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private final User bot;

    /** A workspace with nobody in it but the app's bot. */
    public Workspace(String id, String name, String botName, Ids ids, Timestamps timestamps, AppEvents events) {
        this.id = id;
        this.name = name;
        this.ids = ids;
        this.timestamps = timestamps;
        this.events = events;
        this.bot = add(new User(ids.next("U"), botName, ids.next("B")));
    }

    /** As {@code T…}. */
    public String id() {
        return id;
    }

    /** Its name, and its domain as well. */
    public String name() {
        return name;
    }

    /** The app's bot. */
    public User bot() {
        return bot;
    }

    /** New ids. */
    public Ids ids() {
        return ids;
    }

    /** The time of this workspace. */
    public Timestamps timestamps() {
        return timestamps;
    }

    /** Everybody. */
    public synchronized Collection<User> users() {
        return List.copyOf(users.values());
    }

    /** Every channel. */
    public synchronized Collection<Channel> channels() {
        return List.copyOf(channels.values());
    }

    /** Adds a person. */
    public synchronized User addUser(String userName) {
        return add(new User(ids.next("U"), userName, null));
    }

    /** Adds a channel with those in it. */
    public synchronized Channel addChannel(
            String channelName, Channel.Kind kind, User creator, Collection<User> members) {
        String prefix = kind == Channel.Kind.DIRECT ? "D" : "C";
        Channel channel = new Channel(ids.next(prefix), channelName, kind, creator, timestamps.seconds());
        members.forEach(member -> channel.members().add(member.id()));
        channels.put(channel.id(), channel);
        return channel;
    }

    /** Finds somebody by id, or by name with or without {@code @}. */
    public synchronized Optional<User> user(String reference) {
        User byId = users.get(reference);
        String bare = reference.startsWith("@") ? reference.substring(1) : reference;
        return byId != null
                ? Optional.of(byId)
                : users.values().stream()
                        .filter(user -> user.name().equals(bare))
                        .findFirst();
    }

    /** Finds a channel by id, or by name with or without {@code #}. */
    public synchronized Optional<Channel> channel(String reference) {
        Channel byId = channels.get(reference);
        String bare = reference.startsWith("#") ? reference.substring(1) : reference;
        return byId != null
                ? Optional.of(byId)
                : channels.values().stream()
                        .filter(channel -> channel.isCalled(bare))
                        .findFirst();
    }

    /** The direct conversation of two, made if there is none. */
    public synchronized Channel direct(User one, User other) {
        return channels.values().stream()
                .filter(channel -> channel.kind() == Channel.Kind.DIRECT && channel.has(one))
                .filter(channel -> other.id().equals(channel.partner(one)))
                .findFirst()
                .orElseGet(() -> addChannel("", Channel.Kind.DIRECT, one, List.of(other)));
    }

    /** Things of a kind, such as reminders; may be changed. */
    public synchronized List<ObjectNode> items(String kind) {
        return items.computeIfAbsent(kind, unused -> new ArrayList<>());
    }

    /** Calls back after a message was written, changed or deleted. The callback must not block. */
    public synchronized void onChanged(Runnable listener) {
        listeners.add(listener);
    }

    /** Says that a message is not what it was. */
    public synchronized void changed() {
        listeners.forEach(Runnable::run);
    }

    /**
     * Writes a message.
     *
     * @param content its fields but for its author and time: {@code text}, {@code blocks}, {@code metadata} …
     * @param threadTs the thread it belongs to; null for none
     */
    public synchronized Posted post(Channel channel, User author, ObjectNode content, @Nullable String threadTs) {
        ObjectNode message = Json.object().put("type", "message").put("user", author.id());
        message.setAll(content);
        String ts = timestamps.next();
        message.put("ts", ts).put("team", id);
        if (author.botId() != null) {
            message.put("bot_id", author.botId());
        } else {
            message.put("client_msg_id", java.util.UUID.randomUUID().toString());
        }
        if (threadTs != null) {
            message.put("thread_ts", threadTs);
            countReply(channel, threadTs, author, ts);
        }
        channel.messages().put(ts, message);
        Posted posted = new Posted(channel, message, tell(channel, message));
        changed();
        return posted;
    }

    /** Changes a message. Answers what the app is told. */
    public synchronized List<Occurrence> edit(Channel channel, User by, ObjectNode message, ObjectNode changes) {
        ObjectNode before = message.deepCopy();
        message.setAll(changes);
        message.putObject("edited").put("user", by.id()).put("ts", timestamps.next());
        ObjectNode event = changed(channel, "message_changed");
        event.set("message", message.deepCopy());
        event.set("previous_message", before);
        changed();
        return emit(channel, event);
    }

    /** Deletes a message. Answers what the app is told. */
    public synchronized List<Occurrence> delete(Channel channel, ObjectNode message) {
        String ts = Json.text(message, "ts");
        channel.messages().remove(ts);
        channel.pins().remove(ts);
        ObjectNode event = changed(channel, "message_deleted").put("deleted_ts", ts);
        event.set("previous_message", message);
        changed();
        return emit(channel, event);
    }

    /** Shows a message to one person alone, who need not be in the channel. The app is not told of it. */
    public synchronized Posted show(Channel channel, User author, User viewer, ObjectNode content) {
        ObjectNode message = Json.object().put("type", "message").put("user", author.id());
        message.setAll(content);
        message.put("ts", timestamps.next())
                .put("is_ephemeral", true)
                .put("visible_to", viewer.id())
                .put("bot_id", author.botId());
        channel.ephemeral().add(message);
        Posted posted = new Posted(channel, message, List.of());
        changed();
        return posted;
    }

    /** Tells the app of something in a channel, if it is in it and wants to know. */
    public synchronized List<Occurrence> emit(Channel channel, ObjectNode event) {
        return channel.has(bot) ? emit(event) : List.of();
    }

    /** Tells the app of something, if it wants to know. */
    public synchronized List<Occurrence> emit(ObjectNode event) {
        return events.wants(Json.text(event, "type"))
                ? List.of(events.happened(this, event, timestamps.seconds()))
                : List.of();
    }

    private ObjectNode changed(Channel channel, String subtype) {
        String now = timestamps.next();
        return Json.object()
                .put("type", "message")
                .put("subtype", subtype)
                .put("channel", channel.id())
                .put("ts", now)
                .put("event_ts", now)
                .put("hidden", true)
                .put("channel_type", channel.kind().type());
    }

    private List<Occurrence> tell(Channel channel, ObjectNode message) {
        ObjectNode event = message.deepCopy();
        event.remove("metadata"); // not part of the event
        String ts = Json.text(message, "ts");
        event.put("channel", channel.id()).put("event_ts", ts);
        List<Occurrence> told = new ArrayList<>(emit(
                channel, event.deepCopy().put("channel_type", channel.kind().type())));
        boolean mentioned = Json.text(message, "text").contains("<@" + bot.id() + ">");
        if (mentioned && channel.kind() != Channel.Kind.DIRECT && !bot.id().equals(Json.text(message, "user"))) {
            told.addAll(emit(channel, event.put("type", "app_mention")));
        }
        return told;
    }

    private static void countReply(Channel channel, String threadTs, User author, String ts) {
        ObjectNode parent = channel.messages().get(threadTs);
        if (parent == null) {
            return;
        }
        parent.put("thread_ts", threadTs)
                .put("reply_count", parent.path("reply_count").asInt(0) + 1)
                .put("latest_reply", ts);
        var repliers = parent.withArray("reply_users");
        if (!Json.text(repliers).contains(author.id())) {
            repliers.add(author.id());
        }
        parent.put("reply_users_count", repliers.size()).put("is_locked", false).put("subscribed", true);
    }

    private User add(User user) {
        users.put(user.id(), user);
        return user;
    }
}
