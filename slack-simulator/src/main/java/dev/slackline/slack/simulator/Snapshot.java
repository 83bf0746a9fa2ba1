package dev.slackline.slack.simulator;

import dev.slackline.slack.simulator.delivery.Attempt;
import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.Workspace;
import dev.slackline.slack.simulator.web.ApiCall;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Everything that the page shows, as it is now. */
final class Snapshot {

    private static final int LAST = 30;

    private Snapshot() {}

    static ObjectNode of(SlackSimulator slack, SimulatedUser user, String channel) {
        Workspace workspace = slack.workspace();
        ObjectNode json = Json.object()
                .put("workspace", workspace.name())
                .put("user", user.name())
                .put("bot", workspace.bot().name())
                .put("bot_user_id", workspace.bot().id())
                .put("connections", slack.socketMode().connections());
        synchronized (workspace) {
            ArrayNode users = json.putArray("users");
            workspace
                    .users()
                    .forEach(each -> users.addObject()
                            .put("id", each.id())
                            .put("name", each.name())
                            .put("is_bot", each.isBot()));
            ArrayNode channels = json.putArray("channels");
            workspace.channels().stream()
                    .filter(each -> each.kind() == Channel.Kind.PUBLIC || each.kind() == Channel.Kind.PRIVATE)
                    .forEach(each -> channels.addObject().put("id", each.id()).put("name", each.name()));
            ArrayNode messages = json.putArray("messages");
            user.sees(channel).forEach(message -> messages.add(message.json()));
        }
        slack.shownTo(user).forEach(json.putArray("views")::add);
        addTold(json.putArray("occurrences"), slack.occurrences());
        addCalls(json.putArray("calls"), slack.calls());
        return json;
    }

    private static void addTold(ArrayNode told, List<Occurrence> occurrences) {
        for (Occurrence each : last(occurrences)) {
            ObjectNode entry = told.addObject()
                    .put("id", each.id())
                    .put("kind", each.kind().envelope())
                    .put("type", each.type());
            ArrayNode attempts = entry.putArray("attempts");
            for (Attempt attempt : each.attempts()) {
                Duration took = attempt.took();
                attempts.addObject()
                        .put("way", attempt.way())
                        .put("number", attempt.number())
                        .put("ms", took == null ? -1 : took.toMillis())
                        .put("failure", attempt.failure());
            }
        }
    }

    private static void addCalls(ArrayNode list, List<ApiCall> calls) {
        for (ApiCall call : last(calls)) {
            list.addObject()
                    .put("method", call.method())
                    .put("status", call.status())
                    .put("ok", call.ok())
                    .put("error", Json.text(call.answer(), "error"));
        }
    }

    private static <T> List<T> last(List<T> all) {
        return all.subList(Math.max(0, all.size() - LAST), all.size());
    }
}
