package dev.slackline.slack.simulator.state;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reactions, which live inside the message they belong to. Guarded by the workspace. */
public final class Reactions {

    private Reactions() {}

    /** Adds one. Answers false if that user had reacted so before. */
    public static boolean add(Workspace workspace, Channel channel, ObjectNode message, User user, String name) {
        ObjectNode reaction = find(message, name);
        if (reaction == null) {
            reaction = message.withArray("reactions").addObject().put("name", name);
            reaction.putArray("users");
        }
        Set<String> users = users(reaction);
        if (!users.add(user.id())) {
            return false;
        }
        write(reaction, users);
        tell(workspace, channel, message, user, name, "reaction_added");
        return true;
    }

    /** Takes one back. Answers false if that user had not reacted so. */
    public static boolean remove(Workspace workspace, Channel channel, ObjectNode message, User user, String name) {
        ObjectNode reaction = find(message, name);
        if (reaction == null) {
            return false;
        }
        Set<String> users = users(reaction);
        if (!users.remove(user.id())) {
            return false;
        }
        write(reaction, users);
        if (users.isEmpty()) {
            ArrayNode left = Json.array();
            message.withArray("reactions").forEach(each -> {
                if (!Json.text(each, "name").equals(name)) {
                    left.add(each);
                }
            });
            message.set("reactions", left);
        }
        tell(workspace, channel, message, user, name, "reaction_removed");
        return true;
    }

    private static void tell(
            Workspace workspace, Channel channel, ObjectNode message, User user, String name, String type) {
        ObjectNode event = Json.object()
                .put("type", type)
                .put("user", user.id())
                .put("reaction", name)
                .put("item_user", Json.text(message, "user"));
        event.putObject("item")
                .put("type", "message")
                .put("channel", channel.id())
                .put("ts", Json.text(message, "ts"));
        workspace.emit(channel, event.put("event_ts", workspace.timestamps().next()));
    }

    private static @Nullable ObjectNode find(ObjectNode message, String name) {
        for (JsonNode each : message.path("reactions")) {
            if (Json.text(each, "name").equals(name)) {
                return (ObjectNode) each;
            }
        }
        return null;
    }

    private static Set<String> users(ObjectNode reaction) {
        Set<String> users = new LinkedHashSet<>();
        reaction.path("users").forEach(user -> users.add(user.asString("")));
        return users;
    }

    private static void write(ObjectNode reaction, Set<String> users) {
        reaction.set("users", Json.array(users));
        reaction.put("count", users.size());
    }
}
