package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.Workspace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Messages, and reminders, for later. */
final class ScheduleMethods implements Family {

    private static final String MESSAGES = "scheduled_messages";
    private static final String REMINDERS = "reminders";
    private static final Duration FURTHEST = Duration.ofDays(120);

    private final Later later;

    ScheduleMethods(Later later) {
        this.later = later;
    }

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("chat.scheduleMessage", new Method(Method.TIER_3, "chat:write", this::schedule));
        methods.put("chat.deleteScheduledMessage", new Method(Method.TIER_3, "chat:write", ScheduleMethods::cancel));
        methods.put("chat.scheduledMessages.list", new Method(Method.TIER_3, null, ScheduleMethods::scheduled));
        methods.put("reminders.add", new Method(Method.TIER_2, "reminders:write", ScheduleMethods::remind));
        methods.put("reminders.list", new Method(Method.TIER_2, "reminders:read", ScheduleMethods::reminders));
        methods.put("reminders.info", new Method(Method.TIER_2, "reminders:read", ScheduleMethods::reminder));
        methods.put("reminders.complete", new Method(Method.TIER_2, "reminders:write", ScheduleMethods::complete));
        methods.put("reminders.delete", new Method(Method.TIER_2, "reminders:write", ScheduleMethods::forget));
    }

    private ObjectNode schedule(Call call) {
        Channel channel = ChatMethods.writable(call);
        ObjectNode content = ChatMethods.content(call);
        long at = call.arguments().number("post_at", 0);
        long now = call.workspace().timestamps().seconds();
        if (at <= now) {
            throw new SlackError("time_in_past");
        }
        if (at > now + FURTHEST.toSeconds()) {
            throw new SlackError("time_too_far");
        }
        String id = call.workspace().ids().next("Q");
        ObjectNode entry = Json.object()
                .put("id", id)
                .put("channel_id", channel.id())
                .put("post_at", at)
                .put("date_created", now)
                .put("text", Json.text(content, "text"));
        Workspace workspace = call.workspace();
        workspace.items(MESSAGES).add(entry);
        String thread = call.arguments().textOrNull("thread_ts");
        later.run(Duration.ofSeconds(at - now), () -> {
            synchronized (workspace) {
                if (workspace.items(MESSAGES).remove(entry)) {
                    workspace.post(channel, call.actor(), content, thread);
                }
            }
        });
        ObjectNode answer = Call.ok()
                .put("channel", channel.id())
                .put("scheduled_message_id", id)
                .put("post_at", at);
        answer.set("message", content.deepCopy());
        return answer;
    }

    private static ObjectNode cancel(Call call) {
        String id = call.arguments().required("scheduled_message_id");
        if (!call.workspace()
                .items(MESSAGES)
                .removeIf(entry -> Json.text(entry, "id").equals(id))) {
            throw new SlackError("invalid_scheduled_message_id");
        }
        return Call.ok();
    }

    private static ObjectNode scheduled(Call call) {
        String channel = call.arguments().text("channel");
        List<ObjectNode> found = call.workspace().items(MESSAGES).stream()
                .filter(entry -> channel.isEmpty() || call.channel(channel).id().equals(Json.text(entry, "channel_id")))
                .toList();
        return Page.add(Call.ok(), MESSAGES, found, call.arguments(), Page.DEFAULT);
    }

    private static ObjectNode remind(Call call) {
        ObjectNode reminder = Json.object()
                .put("id", call.workspace().ids().next("Rm"))
                .put("creator", call.actor().id())
                .put(
                        "user",
                        call.arguments().has("user")
                                ? call.user("user").id()
                                : call.actor().id())
                .put("text", call.arguments().required("text"))
                .put("recurring", false)
                .put("time", call.arguments().required("time"))
                .put("complete_ts", 0);
        call.workspace().items(REMINDERS).add(reminder);
        ObjectNode answer = Call.ok();
        answer.set("reminder", reminder.deepCopy());
        return answer;
    }

    private static ObjectNode reminders(Call call) {
        ObjectNode answer = Call.ok();
        var list = answer.putArray(REMINDERS);
        call.workspace().items(REMINDERS).stream()
                .filter(reminder ->
                        Json.text(reminder, "creator").equals(call.actor().id()))
                .forEach(reminder -> list.add(reminder.deepCopy()));
        return answer;
    }

    private static ObjectNode reminder(Call call) {
        ObjectNode answer = Call.ok();
        answer.set("reminder", find(call).deepCopy());
        return answer;
    }

    private static ObjectNode complete(Call call) {
        find(call).put("complete_ts", call.workspace().timestamps().seconds());
        return Call.ok();
    }

    private static ObjectNode forget(Call call) {
        call.workspace().items(REMINDERS).remove(find(call));
        return Call.ok();
    }

    private static ObjectNode find(Call call) {
        String id = call.arguments().required("reminder");
        return call.workspace().items(REMINDERS).stream()
                .filter(reminder -> Json.text(reminder, "id").equals(id))
                .findFirst()
                .orElseThrow(() -> new SlackError("not_found"));
    }
}
