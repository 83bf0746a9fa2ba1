package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.User;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** People and bots. */
final class UserMethods implements Family {

    private static final String READ = "users:read";

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("users.list", new Method(Method.TIER_2, READ, UserMethods::list));
        methods.put("users.info", new Method(Method.TIER_4, READ, UserMethods::info));
        methods.put("users.lookupByEmail", new Method(Method.TIER_3, "users:read.email", UserMethods::byEmail));
        methods.put("users.getPresence", new Method(Method.TIER_3, READ, UserMethods::presence));
        methods.put("users.setPresence", new Method(Method.TIER_2, "users:write", UserMethods::setPresence));
        methods.put("users.profile.get", new Method(Method.TIER_4, "users.profile:read", UserMethods::profile));
        methods.put("users.profile.set", new Method(30, "users.profile:write", UserMethods::setProfile));
        methods.put("bots.info", new Method(Method.TIER_3, READ, UserMethods::bot));
    }

    private static ObjectNode list(Call call) {
        String team = call.workspace().id();
        ObjectNode answer = Page.add(
                Call.ok(),
                "members",
                List.copyOf(call.workspace().users()),
                user -> user.json(team),
                call.arguments(),
                Page.DEFAULT);
        return answer.put("cache_ts", call.workspace().timestamps().seconds());
    }

    private static ObjectNode info(Call call) {
        return answer(call, call.user("user"));
    }

    private static ObjectNode byEmail(Call call) {
        String email = call.arguments().required("email");
        return call.workspace().users().stream()
                .filter(user -> user.email().equalsIgnoreCase(email))
                .findFirst()
                .map(user -> answer(call, user))
                .orElseThrow(() -> new SlackError("users_not_found"));
    }

    private static ObjectNode presence(Call call) {
        User user = call.arguments().has("user") ? call.user("user") : call.actor();
        return Call.ok().put("presence", user.presence());
    }

    private static ObjectNode setPresence(Call call) {
        String wanted = call.arguments().required("presence");
        if (!wanted.equals("auto") && !wanted.equals("away")) {
            throw new SlackError("invalid_presence");
        }
        call.actor().presence(wanted.equals("away") ? "away" : "active");
        return Call.ok();
    }

    private static ObjectNode profile(Call call) {
        User user = call.arguments().has("user") ? call.user("user") : call.actor();
        ObjectNode answer = Call.ok();
        answer.set("profile", user.profile().deepCopy());
        return answer;
    }

    private static ObjectNode setProfile(Call call) {
        User user = call.arguments().has("user") ? call.user("user") : call.actor();
        JsonNode changes = call.arguments().json("profile");
        if (changes instanceof ObjectNode object) {
            user.profile().setAll(object);
        } else {
            user.profile()
                    .put(call.arguments().required("name"), call.arguments().text("value"));
        }
        ObjectNode event = Json.object().put("type", "user_profile_changed");
        event.set("user", user.json(call.workspace().id()));
        call.workspace()
                .emit(event.put("event_ts", call.workspace().timestamps().next()));
        ObjectNode answer = Call.ok().put("username", user.name());
        answer.set("profile", user.profile().deepCopy());
        return answer;
    }

    private static ObjectNode bot(Call call) {
        String id = call.arguments().text("bot");
        User bot = call.workspace().users().stream()
                .filter(user -> id.isEmpty() ? user == call.workspace().bot() : id.equals(user.botId()))
                .findFirst()
                .orElseThrow(() -> new SlackError("bot_not_found"));
        ObjectNode answer = Call.ok();
        answer.putObject("bot")
                .put("id", bot.botId())
                .put("deleted", false)
                .put("name", bot.name())
                .put("app_id", call.world().app().id())
                .put("user_id", bot.id());
        return answer;
    }

    private static ObjectNode answer(Call call, User user) {
        ObjectNode answer = Call.ok();
        answer.set("user", user.json(call.workspace().id()));
        return answer;
    }
}
