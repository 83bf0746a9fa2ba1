package dev.slackline.slack.simulator.state;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A person or a bot. Guarded by its workspace. */
public final class User {

    private final String id;
    private final String name;
    private final @Nullable String botId;
    /** Null until it is asked for: most people of a large workspace are only ever listed. */
    private @Nullable ObjectNode profile;

    private String presence = "active";

    User(String id, String name, @Nullable String botId) {
        this.id = id;
        this.name = name;
        this.botId = botId;
    }

    /** As {@code U…}. */
    public String id() {
        return id;
    }

    /** The name without {@code @}. */
    public String name() {
        return name;
    }

    /** As {@code B…} for a bot; null for a person. */
    public @Nullable String botId() {
        return botId;
    }

    /** Whether it is a bot. */
    public boolean isBot() {
        return botId != null;
    }

    /** What people see of it; may be changed. */
    public ObjectNode profile() {
        if (profile == null) {
            profile = firstProfile();
        }
        return profile;
    }

    /** The address; empty for a bot. */
    public String email() {
        return Json.text(profile == null ? firstProfile() : profile, "email");
    }

    /** {@code active} or {@code away}. */
    public String presence() {
        return presence;
    }

    /** Changes the presence. */
    public void presence(String changed) {
        presence = changed;
    }

    /** As {@code users.info} shows it. */
    public ObjectNode json(String teamId) {
        ObjectNode shown = profile == null ? firstProfile() : profile.deepCopy();
        ObjectNode json = Json.object()
                .put("id", id)
                .put("team_id", teamId)
                .put("name", name)
                .put("deleted", false)
                .put("real_name", Json.text(shown, "real_name"))
                .put("tz", "Etc/UTC")
                .put("tz_label", "Coordinated Universal Time")
                .put("tz_offset", 0)
                .put("is_admin", false)
                .put("is_owner", false)
                .put("is_primary_owner", false)
                .put("is_restricted", false)
                .put("is_ultra_restricted", false)
                .put("is_bot", isBot())
                .put("is_app_user", false)
                .put("updated", 1_700_000_000);
        json.set("profile", shown.put("team", teamId));
        return json;
    }

    private ObjectNode firstProfile() {
        String shown = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        ObjectNode first = Json.object()
                .put("real_name", shown)
                .put("display_name", name)
                .put("real_name_normalized", shown)
                .put("display_name_normalized", name)
                .put("status_text", "")
                .put("status_emoji", "")
                .put("status_expiration", 0)
                .put("title", "");
        return botId == null ? first.put("email", name + "@example.com") : first.put("bot_id", botId);
    }
}
