package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.Reactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Reactions to messages. */
final class ReactionMethods implements Family {

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("reactions.add", new Method(Method.TIER_3, "reactions:write", ReactionMethods::add));
        methods.put("reactions.remove", new Method(Method.TIER_2, "reactions:write", ReactionMethods::remove));
        methods.put("reactions.list", new Method(Method.TIER_2, "reactions:read", ReactionMethods::list));
        methods.put("reactions.get", new Method(Method.TIER_3, "reactions:read", ReactionMethods::get));
    }

    private static ObjectNode add(Call call) {
        Channel channel = call.channel();
        ObjectNode message = call.message(channel, "timestamp");
        String name = call.arguments().required("name");
        if (!name.matches("[a-z0-9_+:'-]+")) {
            throw new SlackError("invalid_name");
        }
        if (!Reactions.add(call.workspace(), channel, message, call.actor(), name)) {
            throw new SlackError("already_reacted");
        }
        return Call.ok();
    }

    private static ObjectNode remove(Call call) {
        Channel channel = call.channel();
        ObjectNode message = call.message(channel, "timestamp");
        if (!Reactions.remove(
                call.workspace(),
                channel,
                message,
                call.actor(),
                call.arguments().required("name"))) {
            throw new SlackError("no_reaction");
        }
        return Call.ok();
    }

    private static ObjectNode get(Call call) {
        Channel channel = call.channel();
        ObjectNode answer = Call.ok().put("type", "message").put("channel", channel.id());
        answer.set("message", call.message(channel, "timestamp").deepCopy());
        return answer;
    }

    private static ObjectNode list(Call call) {
        String user = call.arguments().has("user")
                ? call.user("user").id()
                : call.actor().id();
        List<ObjectNode> items = new ArrayList<>();
        for (Channel channel : call.workspace().channels()) {
            for (ObjectNode message : channel.messages().values()) {
                if (channel.has(call.actor())
                        && Json.text(message.path("reactions")).contains(user)) {
                    ObjectNode item = Json.object().put("type", "message").put("channel", channel.id());
                    item.set("message", message.deepCopy());
                    items.add(item);
                }
            }
        }
        return Page.add(Call.ok(), "items", items, call.arguments(), Page.DEFAULT);
    }
}
