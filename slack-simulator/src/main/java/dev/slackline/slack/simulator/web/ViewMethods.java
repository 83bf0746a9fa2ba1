package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.User;
import dev.slackline.slack.simulator.state.View;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Modals and home tabs. */
final class ViewMethods implements Family {

    private static final int MAX_STACK = 3;

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("views.open", new Method(Method.TIER_4, null, call -> open(call, false)));
        methods.put("views.push", new Method(Method.TIER_4, null, call -> open(call, true)));
        methods.put("views.update", new Method(Method.TIER_4, null, ViewMethods::update));
        methods.put("views.publish", new Method(Method.TIER_4, null, ViewMethods::publish));
    }

    private static ObjectNode open(Call call, boolean push) {
        ObjectNode content = content(call, "modal");
        User viewer = viewer(call);
        List<View> open =
                call.world().views().of(viewer).stream().filter(View::isModal).toList();
        @Nullable View below = push && !open.isEmpty() ? open.get(open.size() - 1) : null;
        if (push && open.size() >= MAX_STACK) {
            throw new SlackError("push_limit_reached");
        }
        if (!push) {
            open.forEach(call.world().views()::close);
        }
        return answer(call, call.world().views().open(call.workspace(), viewer, below, content));
    }

    private static ObjectNode update(Call call) {
        ObjectNode content = content(call, "modal");
        View view = call.world()
                .views()
                .find(call.arguments().text("view_id"), call.arguments().text("external_id"))
                .orElseThrow(() -> new SlackError("not_found"));
        String hash = call.arguments().text("hash");
        if (!hash.isEmpty() && !hash.equals(view.hash())) {
            throw new SlackError("hash_conflict");
        }
        call.world().views().update(view, content);
        return answer(call, view);
    }

    private static ObjectNode publish(Call call) {
        ObjectNode content = content(call, "home");
        User viewer = call.user("user_id");
        View home = call.world().views().of(viewer).stream()
                .filter(view -> !view.isModal())
                .findFirst()
                .orElse(null);
        if (home == null) {
            home = call.world().views().open(call.workspace(), viewer, null, content);
        } else {
            call.world().views().update(home, content);
        }
        return answer(call, home);
    }

    private static User viewer(Call call) {
        String trigger = call.arguments().has("trigger_id")
                ? call.arguments().text("trigger_id")
                : call.arguments().required("interactivity_pointer");
        User viewer = call.world().triggers().user(trigger);
        switch (call.world().triggers().use(trigger)) {
            case UNKNOWN -> throw new SlackError("invalid_trigger_id");
            case EXPIRED -> throw new SlackError("expired_trigger_id");
            case USED -> throw new SlackError("exchanged_trigger_id");
            case GOOD -> {}
        }
        if (viewer == null) {
            throw new SlackError("invalid_trigger_id");
        }
        return viewer;
    }

    private static ObjectNode content(Call call, String type) {
        JsonNode view = call.arguments().json("view");
        if (!(view instanceof ObjectNode content)) {
            throw new SlackError("invalid_arguments");
        }
        boolean titled = type.equals("home") || content.path("title").isObject();
        if (!Json.text(content, "type").equals(type) || !content.path("blocks").isArray() || !titled) {
            throw new SlackError(
                    "invalid_arguments",
                    answer -> answer.putObject("response_metadata")
                            .putArray("messages")
                            .add("[ERROR] a view needs type, blocks and, as a modal, title [json-pointer:/view]"));
        }
        BlockRules.ofView(content.path("blocks"));
        return content;
    }

    private static ObjectNode answer(Call call, View view) {
        ObjectNode answer = Call.ok();
        answer.set("view", view.json(call.world().app()));
        return answer;
    }
}
