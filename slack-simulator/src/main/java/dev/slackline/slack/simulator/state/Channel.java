package dev.slackline.slack.simulator.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A conversation of any kind, with its messages. Guarded by its workspace. */
public final class Channel {

    /** What kind of conversation it is. */
    public enum Kind {
        /** Everybody may join. */
        PUBLIC("channel"),
        /** People are invited. */
        PRIVATE("group"),
        /** Between two. */
        DIRECT("im"),
        /** Between a few. */
        GROUP_DIRECT("mpim");

        private final String type;

        Kind(String type) {
            this.type = type;
        }

        /** As in {@code channel_type}. */
        public String type() {
            return type;
        }
    }

    private final String id;
    private final Kind kind;
    private final User creator;
    private final long created;
    private final Set<String> members = new LinkedHashSet<>();
    private final NavigableMap<String, ObjectNode> messages = new TreeMap<>();
    private final Map<String, String> lastRead = new LinkedHashMap<>();
    private final List<ObjectNode> ephemeral = new ArrayList<>();
    private final List<ObjectNode> bookmarks = new ArrayList<>();
    private final Set<String> pins = new LinkedHashSet<>();
    private String name;
    private boolean archived;
    private ObjectNode topic = remark("", "", 0);
    private ObjectNode purpose = remark("", "", 0);

    Channel(String id, String name, Kind kind, User creator, long created) {
        this.id = id;
        this.name = name;
        this.kind = kind;
        this.creator = creator;
        this.created = created;
        members.add(creator.id());
    }

    /** As {@code C…}, or {@code D…} for a direct one. */
    public String id() {
        return id;
    }

    /** The name without {@code #}. */
    public String name() {
        return name;
    }

    /** Gives it another name. */
    public void rename(String changed) {
        name = changed;
    }

    /** What kind it is. */
    public Kind kind() {
        return kind;
    }

    /** The ids of those in it; may be changed. */
    public Set<String> members() {
        return members;
    }

    /** Whether somebody is in it. */
    public boolean has(User user) {
        return members.contains(user.id());
    }

    /** Its messages by their time, those of threads among them; may be changed. */
    public NavigableMap<String, ObjectNode> messages() {
        return messages;
    }

    /** Messages that one person alone saw, {@code visible_to} says who; may be changed. */
    public List<ObjectNode> ephemeral() {
        return ephemeral;
    }

    /** The times of pinned messages; may be changed. */
    public Set<String> pins() {
        return pins;
    }

    /** Its bookmarks; may be changed. */
    public List<ObjectNode> bookmarks() {
        return bookmarks;
    }

    /** Whether nobody may write any more. */
    public boolean isArchived() {
        return archived;
    }

    /** Closes or opens it. */
    public void archive(boolean closed) {
        archived = closed;
    }

    /** Says up to where somebody has read. */
    public void mark(User user, String ts) {
        lastRead.put(user.id(), ts);
    }

    /** Sets the topic. */
    public void topic(String value, User by, long at) {
        topic = remark(value, by.id(), at);
    }

    /** Sets the purpose. */
    public void purpose(String value, User by, long at) {
        purpose = remark(value, by.id(), at);
    }

    /** Whether a name or id means this one. */
    boolean isCalled(String reference) {
        return id.equals(reference) || (name.equals(reference) && kind != Kind.DIRECT);
    }

    /** The other one of a direct conversation; null for any other. */
    public @Nullable String partner(User of) {
        return kind != Kind.DIRECT
                ? null
                : members.stream()
                        .filter(member -> !member.equals(of.id()))
                        .findFirst()
                        .orElse(of.id());
    }

    /** As {@code conversations.info} shows it to somebody. */
    public ObjectNode json(User viewer, String teamId) {
        ObjectNode json = Json.object().put("id", id).put("created", created);
        json.put("is_im", kind == Kind.DIRECT)
                .put("is_mpim", kind == Kind.GROUP_DIRECT)
                .put("is_channel", kind == Kind.PUBLIC)
                .put("is_group", kind == Kind.PRIVATE)
                .put("is_private", kind != Kind.PUBLIC)
                .put("is_archived", archived)
                .put("is_org_shared", false)
                .put("is_shared", false)
                .put("is_ext_shared", false)
                .put("context_team_id", teamId)
                .put("updated", created * 1000)
                .put("last_read", lastRead.getOrDefault(viewer.id(), "0000000000.000000"));
        String partner = partner(viewer);
        if (partner != null) {
            return json.put("user", partner).put("is_user_deleted", false).put("is_open", true);
        }
        json.put("name", name)
                .put("name_normalized", name)
                .put("is_general", name.equals("general"))
                .put("is_member", has(viewer))
                .put("creator", creator.id())
                .put("num_members", members.size());
        json.set("topic", topic);
        json.set("purpose", purpose);
        return json;
    }

    private static ObjectNode remark(String value, String by, long at) {
        return Json.object().put("value", value).put("creator", by).put("last_set", at);
    }
}
