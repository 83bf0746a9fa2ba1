package dev.slackline.slack.simulator.state;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A person or a bot. Guarded by its workspace. */
public final class User {

    private final String id;
    private final String name;
    private final @Nullable String botId;
    private final ObjectNode profile = Json.object();
    private String presence = "active";

    User(String id, String name, @Nullable String botId) {
        this.id = id;
        this.name = name;
        this.botId = botId;
        String shown = name.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + name.substring(1);
        profile.put("real_name", shown)
                .put("display_name", name)
                .put("real_name_normalized", shown)
                .put("display_name_normalized", name)
                .put("status_text", "")
                .put("status_emoji", "")
                .put("status_expiration", 0)
                .put("title", "");
        if (botId == null) {
            profile.put("email", name + "@example.com");
        } else {
            profile.put("bot_id", botId);
        }
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
        return profile;
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
        ObjectNode json = Json.object()
                .put("id", id)
                .put("team_id", teamId)
                .put("name", name)
                .put("deleted", false)
                .put("real_name", Json.text(profile, "real_name"))
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
        json.set("profile", profile.deepCopy().put("team", teamId));
        return json;
    }
}
