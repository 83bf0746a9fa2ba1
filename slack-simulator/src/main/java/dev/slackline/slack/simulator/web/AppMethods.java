package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Workspace;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** Who a token is, and where Socket Mode connects. */
final class AppMethods implements Family {

    private final Supplier<String> socketUrl;

    AppMethods(Supplier<String> socketUrl) {
        this.socketUrl = socketUrl;
    }

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("api.test", new Method(Method.TIER_4, null, AppMethods::test));
        methods.put("auth.test", new Method(Method.SPECIAL, null, AppMethods::who));
        methods.put("apps.connections.open", new Method(Method.TIER_1 * 60, null, this::open));
    }

    private static ObjectNode test(Call call) {
        if (call.arguments().has("error")) {
            throw new SlackError(call.arguments().text("error"));
        }
        ObjectNode answer = Call.ok();
        answer.set("args", call.arguments().all());
        return answer;
    }

    private static ObjectNode who(Call call) {
        Workspace workspace = call.workspace();
        ObjectNode answer = Call.ok()
                .put("url", "https://" + workspace.name() + ".slack.com/")
                .put("team", workspace.name())
                .put("user", call.actor().name())
                .put("team_id", workspace.id())
                .put("user_id", call.actor().id());
        String botId = call.actor().botId();
        if (botId != null) {
            answer.put("bot_id", botId);
        }
        return answer.put("is_enterprise_install", false);
    }

    private ObjectNode open(Call call) {
        return Call.ok().put("url", socketUrl.get());
    }
}
