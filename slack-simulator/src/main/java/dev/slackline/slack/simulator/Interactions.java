package dev.slackline.slack.simulator;

import dev.slackline.slack.simulator.delivery.Attempt;
import dev.slackline.slack.simulator.delivery.Deliveries;
import dev.slackline.slack.simulator.delivery.Kind;
import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.Signal;
import dev.slackline.slack.simulator.state.User;
import dev.slackline.slack.simulator.state.View;
import dev.slackline.slack.simulator.state.Workspace;
import dev.slackline.slack.simulator.state.World;
import dev.slackline.slack.simulator.web.ResponseUrls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Commands, buttons, modals, shortcuts: tells the app, and does with its answer what Slack does. */
final class Interactions {

    private final World world;
    private final Deliveries deliveries;
    private final ResponseUrls responses;
    private final String baseUrl;
    private final Signal signal;

    Interactions(World world, Deliveries deliveries, ResponseUrls responses, String baseUrl, Signal signal) {
        this.world = world;
        this.deliveries = deliveries;
        this.responses = responses;
        this.baseUrl = baseUrl;
        this.signal = signal;
    }

    Occurrence command(Workspace workspace, User user, Channel channel, String command, String text) {
        String trigger = world.triggers().next(user);
        ObjectNode payload = Json.object()
                .put("token", world.app().verificationToken())
                .put("team_id", workspace.id())
                .put("team_domain", workspace.name())
                .put("channel_id", channel.id())
                .put("channel_name", channel.kind() == Channel.Kind.DIRECT ? "directmessage" : channel.name())
                .put("user_id", user.id())
                .put("user_name", user.name())
                .put("command", command)
                .put("text", text)
                .put("api_app_id", world.app().id())
                .put("is_enterprise_install", "false")
                .put("response_url", baseUrl + responses.issue(workspace, channel, user, null))
                .put("trigger_id", trigger);
        Occurrence occurrence = deliveries.deliver(new Occurrence(trigger, Kind.COMMAND, payload));
        occurrence.outcome().thenAccept(attempt -> answered(workspace, channel, user, command, attempt));
        return occurrence;
    }

    private static void answered(Workspace workspace, Channel channel, User user, String command, Attempt attempt) {
        if (!attempt.acknowledged()) {
            String text = command + " failed with the error \"dispatch_failed\"";
            ObjectNode shown = Json.object().put("text", text);
            workspace.show(channel, workspace.user("slackbot").orElse(workspace.bot()), user, shown);
        } else if (attempt.answer() instanceof ObjectNode answer && (answer.has("text") || answer.has("blocks"))) {
            ResponseUrls.apply(workspace, channel, user, null, answer);
        } else if (attempt.answer().isString() && !attempt.answer().asString("").isEmpty()) {
            workspace.show(
                    channel,
                    workspace.bot(),
                    user,
                    Json.object().put("text", attempt.answer().asString("")));
        }
    }

    Occurrence action(
            Workspace workspace,
            User user,
            Channel channel,
            ObjectNode message,
            String actionId,
            @Nullable String value) {
        String ts = Json.text(message, "ts");
        ObjectNode payload = payload("block_actions", workspace, user);
        payload.putObject("container")
                .put("type", "message")
                .put("message_ts", ts)
                .put("channel_id", channel.id())
                .put("is_ephemeral", false);
        payload.putObject("channel").put("id", channel.id()).put("name", channel.name());
        payload.set("message", message.deepCopy());
        payload.putObject("state").putObject("values");
        payload.put("response_url", baseUrl + responses.issue(workspace, channel, user, ts));
        payload.putArray("actions").add(Elements.acted(message.path("blocks"), actionId, value, actionTs(workspace)));
        return deliver(payload);
    }

    Occurrence action(View view, User user, String actionId, @Nullable String value) {
        ObjectNode payload = payload("block_actions", view.workspace(), user);
        payload.putObject("container").put("type", "view").put("view_id", view.id());
        payload.set("view", view.json(world.app()));
        payload.putArray("actions")
                .add(Elements.acted(view.content().path("blocks"), actionId, value, actionTs(view.workspace())));
        return deliver(payload);
    }

    Occurrence shortcut(Workspace workspace, User user, String callbackId) {
        return deliver(payload("shortcut", workspace, user)
                .put("callback_id", callbackId)
                .put("action_ts", actionTs(workspace)));
    }

    Occurrence messageShortcut(Workspace workspace, User user, Channel channel, ObjectNode message, String callbackId) {
        ObjectNode payload = payload("message_action", workspace, user)
                .put("callback_id", callbackId)
                .put("action_ts", actionTs(workspace))
                .put("message_ts", Json.text(message, "ts"))
                .put("response_url", baseUrl + responses.issue(workspace, channel, user, Json.text(message, "ts")));
        payload.putObject("channel").put("id", channel.id()).put("name", channel.name());
        payload.set("message", message.deepCopy());
        return deliver(payload);
    }

    Occurrence suggestion(View view, User user, String actionId, String typed) {
        ObjectNode payload = payload("block_suggestion", view.workspace(), user);
        payload.remove("trigger_id"); // nothing can be opened from a menu that is being typed into
        payload.putObject("container").put("type", "view").put("view_id", view.id());
        payload.put("action_id", actionId)
                .put("block_id", Elements.blockOf(view.content().path("blocks"), actionId))
                .put("value", typed);
        payload.set("view", view.json(world.app()));
        return deliveries.deliver(
                new Occurrence(view.id() + "." + actionTs(view.workspace()), Kind.INTERACTION, payload));
    }

    Occurrence submission(View view, User user, Map<String, String> values) {
        ObjectNode payload = payload("view_submission", view.workspace(), user);
        ObjectNode shown = view.json(world.app());
        shown.putObject("state").set("values", Elements.state(view.content().path("blocks"), values));
        payload.set("view", shown);
        payload.putArray("response_urls");
        Occurrence occurrence = deliver(payload);
        occurrence.outcome().thenAccept(attempt -> {
            if (attempt.acknowledged()) {
                submitted(view, attempt.answer());
                signal.changed();
            }
        });
        return occurrence;
    }

    private void submitted(View view, JsonNode answer) {
        JsonNode next = answer.path("view");
        switch (Json.text(answer, "response_action")) {
            case "errors" -> {} // it stays open, and shows them
            case "clear" -> world.views().closeAll(view);
            case "update" -> {
                if (next instanceof ObjectNode content) {
                    world.views().update(view, content);
                }
            }
            case "push" -> {
                if (next instanceof ObjectNode content) {
                    world.views().open(view.workspace(), view.viewer(), view, content);
                }
            }
            default -> world.views().close(view);
        }
    }

    Optional<Occurrence> closed(View view, User user) {
        world.views().close(view);
        if (!view.content().path("notify_on_close").asBoolean(false)) {
            return Optional.empty();
        }
        ObjectNode payload = payload("view_closed", view.workspace(), user);
        payload.remove("trigger_id");
        payload.set("view", view.json(world.app()));
        payload.put("is_cleared", false);
        String id = view.id() + "." + actionTs(view.workspace());
        return Optional.of(deliveries.deliver(new Occurrence(id, Kind.INTERACTION, payload)));
    }

    List<View> views(User user) {
        return world.views().of(user);
    }

    View awaitView(Duration bound, String what, Supplier<Optional<View>> question) {
        return signal.await(bound, what, question);
    }

    private Occurrence deliver(ObjectNode payload) {
        return deliveries.deliver(new Occurrence(Json.text(payload, "trigger_id"), Kind.INTERACTION, payload));
    }

    private ObjectNode payload(String type, Workspace workspace, User user) {
        ObjectNode payload = Json.object().put("type", type);
        payload.putObject("user")
                .put("id", user.id())
                .put("username", user.name())
                .put("name", user.name())
                .put("team_id", workspace.id());
        payload.putObject("team").put("id", workspace.id()).put("domain", workspace.name());
        return payload.put("api_app_id", world.app().id())
                .put("token", world.app().verificationToken())
                .put("trigger_id", world.triggers().next(user))
                .putNull("enterprise")
                .put("is_enterprise_install", false);
    }

    private static String actionTs(Workspace workspace) {
        return workspace.timestamps().next();
    }
}
