package dev.slackline.slack.simulator.state;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A modal or a home tab that somebody looks at. Guarded by its workspace. */
public final class View {

    private final String id;
    private final Workspace workspace;
    private final User viewer;
    private final @Nullable View below;
    private ObjectNode content;
    private String hash = newHash();

    View(String id, Workspace workspace, User viewer, @Nullable View below, ObjectNode content) {
        this.id = id;
        this.workspace = workspace;
        this.viewer = viewer;
        this.below = below;
        this.content = content.deepCopy();
    }

    /** As {@code V…}. */
    public String id() {
        return id;
    }

    /** Where it is. */
    public Workspace workspace() {
        return workspace;
    }

    /** Who looks at it. */
    public User viewer() {
        return viewer;
    }

    /** The modal that it lies upon; null if it is the first. */
    public @Nullable View below() {
        return below;
    }

    /** Changes with each update. */
    public String hash() {
        return hash;
    }

    /** What the app gave. */
    public ObjectNode content() {
        return content;
    }

    /** Whether it is a modal, not a home tab. */
    public boolean isModal() {
        return !Json.text(content, "type").equals("home");
    }

    void content(ObjectNode changed) {
        content = changed.deepCopy();
        hash = newHash();
    }

    /** As the app is told of it. */
    public ObjectNode json(App app) {
        ObjectNode json = content.deepCopy();
        json.put("id", id)
                .put("team_id", workspace.id())
                .put("app_id", app.id())
                .put("app_installed_team_id", workspace.id())
                .put("bot_id", workspace.bot().botId())
                .put("hash", hash)
                .put("root_view_id", root().id)
                .put("previous_view_id", below == null ? null : below.id);
        for (String field : new String[] {"private_metadata", "callback_id", "external_id"}) {
            json.put(field, Json.text(content, field));
        }
        json.put("clear_on_close", content.path("clear_on_close").asBoolean(false))
                .put("notify_on_close", content.path("notify_on_close").asBoolean(false));
        if (!json.has("state")) {
            json.putObject("state").putObject("values");
        }
        return json;
    }

    private View root() {
        View root = this;
        for (View next = below; next != null; next = next.below) {
            root = next;
        }
        return root;
    }

    private static String newHash() {
        return "156" + UUID.randomUUID().toString().substring(0, 8);
    }
}
