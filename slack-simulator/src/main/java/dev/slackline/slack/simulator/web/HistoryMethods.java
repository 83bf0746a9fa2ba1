package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Reading what was written. */
final class HistoryMethods implements Family {

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("conversations.history", new Method(Method.TIER_3, "channels:history", HistoryMethods::history));
        methods.put("conversations.replies", new Method(Method.TIER_3, "channels:history", HistoryMethods::replies));
    }

    private static ObjectNode history(Call call) {
        Channel channel = call.joined();
        List<ObjectNode> found = new ArrayList<>(within(call, channel.messages().values()).stream()
                .filter(message -> isTopLevel(message))
                .toList());
        Collections.reverse(found);
        ObjectNode answer = Page.add(Call.ok(), "messages", shown(call, found), call.arguments(), Page.DEFAULT);
        return answer.put("has_more", Page.hasMore(answer))
                .put("pin_count", channel.pins().size());
    }

    private static ObjectNode replies(Call call) {
        Channel channel = call.joined();
        String ts = call.arguments().required("ts");
        ObjectNode asked = channel.messages().get(ts);
        if (asked == null) {
            throw new SlackError("thread_not_found");
        }
        String thread = asked.has("thread_ts") ? Json.text(asked, "thread_ts") : ts;
        List<ObjectNode> found = within(call, channel.messages().values()).stream()
                .filter(message -> Json.text(message, "ts").equals(thread)
                        || Json.text(message, "thread_ts").equals(thread))
                .toList();
        ObjectNode answer = Page.add(Call.ok(), "messages", shown(call, found), call.arguments(), Page.DEFAULT);
        return answer.put("has_more", Page.hasMore(answer));
    }

    private static boolean isTopLevel(ObjectNode message) {
        String thread = Json.text(message, "thread_ts");
        return thread.isEmpty()
                || thread.equals(Json.text(message, "ts"))
                || Json.text(message, "subtype").equals("thread_broadcast");
    }

    /** Those between {@code oldest} and {@code latest}. */
    private static List<ObjectNode> within(Call call, Collection<ObjectNode> messages) {
        String oldest = call.arguments().text("oldest");
        String latest = call.arguments().text("latest");
        boolean inclusive = call.arguments().flag("inclusive");
        return messages.stream()
                .filter(message -> {
                    String ts = Json.text(message, "ts");
                    return after(ts, oldest, inclusive) && before(ts, latest, inclusive);
                })
                .toList();
    }

    private static boolean after(String ts, String oldest, boolean inclusive) {
        return oldest.isEmpty() || compare(ts, oldest) > (inclusive ? -1 : 0);
    }

    private static boolean before(String ts, String latest, boolean inclusive) {
        return latest.isEmpty() || latest.equals("now") || compare(ts, latest) < (inclusive ? 1 : 0);
    }

    private static int compare(String ts, String bound) {
        try {
            return new java.math.BigDecimal(ts).compareTo(new java.math.BigDecimal(bound));
        } catch (NumberFormatException e) {
            throw new SlackError("invalid_ts_" + (bound.isEmpty() ? "oldest" : "latest"));
        }
    }

    private static List<ObjectNode> shown(Call call, List<ObjectNode> messages) {
        boolean metadata = call.arguments().flag("include_all_metadata");
        return messages.stream()
                .map(ObjectNode::deepCopy)
                .map(message -> {
                    if (!metadata) {
                        message.remove("metadata");
                    }
                    return message;
                })
                .toList();
    }
}
