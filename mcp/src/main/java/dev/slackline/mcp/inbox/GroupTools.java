package dev.slackline.mcp.inbox;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.Tool.Effect;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import dev.slackline.queue.GroupStats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code events_stats}, and what the resource of a group holds. */
final class GroupTools {

    private final Desk desk;

    GroupTools(Desk desk) {
        this.desk = desk;
    }

    Tool stats() {
        Map<String, Object> group = Schema.object()
                .text("group", "its name")
                .number("ready", "events that could be claimed now")
                .number("in_flight", "events that somebody has taken, here or elsewhere")
                .number("delayed", "events that wait for their next attempt")
                .number("dead", "dead letters")
                .number("oldest_age_seconds", "how long the oldest of them has been waiting")
                .number("consumers", "members of the group that consume now, in every process")
                .number("claimed", "events that agents have claimed through this server")
                .number("yours", "claims that you hold, in all groups")
                .requires("group", "ready", "in_flight", "delayed", "dead", "consumers", "claimed", "yours")
                .output();
        return new Tool(
                "events_stats",
                "Count events",
                "Counts the Slack events of each group that is open to you: those that wait, those that somebody works on,"
                        + " dead letters.",
                Schema.object().input(),
                Schema.object()
                        .list("groups", "one for each group", group)
                        .requires("groups")
                        .output(),
                Effect.READS,
                Desk.action(this::count));
    }

    /** The counts of one group. */
    CompletionStage<Map<String, Object>> counts(String group, Caller caller) {
        return desk.queue().group(group).stats().thenApply(stats -> view(group, stats, caller));
    }

    private CompletionStage<ToolResult> count(Arguments arguments, ToolCall call) {
        List<CompletableFuture<Map<String, Object>>> counts = desk.settings().groups().stream()
                .map(group -> counts(group, call.caller()).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(counts.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> {
                    Map<String, Object> groups = Map.of(
                            "groups",
                            counts.stream().map(CompletableFuture::join).toList());
                    return ToolResult.of(EventView.json(groups), groups);
                });
    }

    private Map<String, Object> view(String group, GroupStats stats, Caller caller) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("group", group);
        view.put("ready", stats.ready());
        view.put("in_flight", stats.inFlight());
        view.put("delayed", stats.delayed());
        view.put("dead", stats.dead());
        if (stats.oldestAge() != null) {
            view.put("oldest_age_seconds", Math.max(0, stats.oldestAge().toSeconds()));
        }
        view.put("consumers", stats.consumers());
        view.put("claimed", desk.claims().held(group));
        view.put("yours", desk.claims().held(caller));
        return view;
    }
}
