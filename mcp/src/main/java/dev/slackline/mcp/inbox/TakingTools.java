package dev.slackline.mcp.inbox;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.Peer;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.Tool.Effect;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.access.Fence;
import dev.slackline.mcp.access.RefusedException;
import dev.slackline.mcp.inbox.Interest.Found;
import dev.slackline.queue.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code events_wait} and {@code events_claim}. */
final class TakingTools {

    private static final int MAX_AT_ONCE = 50;
    private static final int MAX_FILTERS = Arguments.MAX_FILTERS;
    private static final int MAX_SUMMARIES = 20;
    /** How many characters of payloads one result holds. */
    private static final int MAX_PAYLOADS = 256 * 1024;
    /** The queue has at least so long to answer, whatever the agent says: it cannot be asked whether it is empty. */
    private static final Duration MIN_WAIT = Duration.ofMillis(500);

    private static final Duration USUAL_WAIT = Duration.ofSeconds(25);
    private static final Duration CLAIM_WAIT = Duration.ofSeconds(5);

    private final Desk desk;

    TakingTools(Desk desk) {
        this.desk = desk;
    }

    Tool waiting() {
        Map<String, Object> output = Schema.object()
                .text("group", "the group that was looked at")
                .number("available", "how many events match, of those that were looked at; 0 when the time was up")
                .number("others", "how many were looked at that do not match and are left to others")
                .list(
                        "events",
                        "the first of those that match",
                        EventView.schema().output())
                .requires("group", "available", "others", "events")
                .output();
        Schema input =
                filters().number("wait_seconds", "how long to wait at most", 0, maxWait(), Math.min(25, maxWait()));
        return new Tool(
                "events_wait",
                "Wait for events",
                "Waits until Slack events are there, and tells what they are without taking them. Returns as soon as one"
                        + " matches, or with available 0 when the time is up; then call it again. To work on an event, take"
                        + " it with events_claim: until then somebody else may.",
                input.input(),
                output,
                Effect.READS,
                Desk.action(this::await));
    }

    Tool claiming() {
        Map<String, Object> event = EventView.schema()
                .text("claim", "the token that settles it; keep it to yourself")
                .number("attempt", "1 at first; more if it was tried before and failed")
                .text("lease_until", "settle it before, or extend the claim")
                .requires("claim", "attempt", "lease_until")
                .output();
        Map<String, Object> output = Schema.object()
                .text("group", "the group they are from")
                .number("others", "how many were looked at that do not match and are left to others")
                .list("events", "those that are yours now", event)
                .requires("group", "others", "events")
                .output();
        long lease = usualLease().toSeconds();
        Schema input = filters()
                .number("max", "how many to take at most", 1, MAX_AT_ONCE, 1)
                .number("wait_seconds", "how long to wait for the first", 0, maxWait(), Math.min(5, maxWait()))
                .number("lease_seconds", "how long they are yours", 1, maxLease(), lease)
                .choice(
                        "response_format",
                        "detailed also gives the payload, as Slack sent it",
                        List.of("concise", "detailed"));
        return new Tool(
                "events_claim",
                "Claim events",
                "Takes Slack events to work on: nobody else gets them while your lease lasts. Settle each by its claim token"
                        + " with events_ack when done, events_retry to have it tried later, events_dead_letter if it can"
                        + " never be done; events_extend if you need longer. What is not settled in time comes again, to"
                        + " anybody, with a higher attempt: so an attempt above 1 may have been done in part.",
                input.input(),
                output,
                Effect.ADDS,
                Desk.action(this::claim));
    }

    private CompletionStage<ToolResult> await(Arguments arguments, ToolCall call) {
        Tray tray = desk.tray(arguments);
        Duration wait = waitOf(arguments, USUAL_WAIT);
        return whileThere(call, tray.look(arguments.filter(desk.visible()), wait))
                .thenApply(found -> {
                    List<Map<String, Object>> events = found.events().stream()
                            .limit(MAX_SUMMARIES)
                            .map(held -> EventView.summary(held.event()))
                            .toList();
                    Map<String, Object> structured = new LinkedHashMap<>();
                    structured.put("group", tray.group());
                    structured.put("available", found.events().size());
                    structured.put("others", found.others());
                    structured.put("events", events);
                    return ToolResult.of(seen(found, events), structured);
                });
    }

    private CompletionStage<ToolResult> claim(Arguments arguments, ToolCall call) {
        Caller caller = call.caller();
        Tray tray = desk.tray(arguments);
        Filter filter = arguments.filter(desk.visible());
        int wanted = arguments.count("max", 1, MAX_AT_ONCE);
        Duration wait = waitOf(arguments, CLAIM_WAIT);
        Duration lease = arguments.seconds("lease_seconds", usualLease(), Duration.ofSeconds(1), maxLeaseOf());
        boolean detailed = arguments.text("response_format", "concise", 20).equals("detailed");
        int most = desk.claims().promise(caller, wanted, desk.settings().maxClaims());
        if (most == 0) {
            throw new RefusedException(
                    "You hold, or wait for, " + desk.settings().maxClaims()
                            + " claims, which is all you may: settle some with events_ack, events_retry or events_dead_letter"
                            + " first.");
        }
        return whileThere(call, tray.take(filter, most, wait))
                .thenApply(found -> claimed(tray, found, caller, lease, detailed))
                .whenComplete((result, error) -> desk.claims().takeBack(caller, most));
    }

    /** Stops when the client has left: what it would have taken is for others. */
    private CompletionStage<Found> whileThere(ToolCall call, CompletableFuture<Found> found) {
        if (call.peer() != Peer.NONE) { // which would remember every call
            call.peer().gone().thenRun(() -> found.cancel(false));
        }
        return found.thenApply(this::orAway);
    }

    /** A queue that is away lends nothing, which must not look as if nothing were there. */
    private Found orAway(Found found) {
        boolean nothing = found.events().isEmpty() && found.others() == 0;
        if (nothing && desk.queue().status().state() == Status.State.DOWN) {
            throw new RefusedException(Desk.AWAY);
        }
        return found;
    }

    private ToolResult claimed(Tray tray, Found found, Caller caller, Duration lease, boolean detailed) {
        int maxPayload = detailed ? MAX_PAYLOADS / Math.max(1, found.events().size()) : 0;
        Fence fence = Fence.fresh();
        List<Map<String, Object>> events = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (Held held : found.events()) {
            Claim claim = desk.claims().open(tray, held, caller, lease);
            Map<String, Object> view = EventView.of(held.event(), maxPayload);
            Map<String, Object> event = new LinkedHashMap<>();
            event.put("claim", claim.token());
            event.put("attempt", held.delivery().attempt());
            event.put("lease_until", until(claim.left()));
            text.append("\n\nclaim ").append(claim.token());
            text.append(" (attempt ").append(held.delivery().attempt()).append(", until ");
            text.append(event.get("lease_until")).append(")\n").append(fence.around(EventView.json(view)));
            event.putAll(view);
            events.add(event);
        }
        Map<String, Object> structured = new LinkedHashMap<>();
        structured.put("group", tray.group());
        structured.put("others", found.others());
        structured.put("events", events);
        String start = events.isEmpty()
                ? "Nothing to claim." + left(found)
                : events.size() + " claimed; settle each by its token before its lease is over.";
        return ToolResult.of(start + text, structured);
    }

    private static String seen(Found found, List<Map<String, Object>> events) {
        return events.isEmpty()
                ? "No event came. Call events_wait again to go on waiting." + left(found)
                : found.events().size() + " there; take them with events_claim.\n"
                        + Fence.fresh().around(EventView.json(events));
    }

    private static String left(Found found) {
        return found.others() == 0
                ? ""
                : " " + found.others()
                        + " were looked at that do not match and are left to others. What comes after them in"
                        + " the same channels is not seen until somebody settles them: claim without a filter, and"
                        + " acknowledge what is no work.";
    }

    private Schema filters() {
        return Schema.object()
                .choice(
                        "group",
                        "whose events; each group gets every event",
                        desk.settings().groups())
                .texts("keys", "only these keys; * stands for anything: event.app_mention, command.*", 0, MAX_FILTERS)
                .texts("channels", "only from channels of these ids", 0, MAX_FILTERS)
                .texts("users", "only what users of these ids did", 0, MAX_FILTERS);
    }

    private Duration waitOf(Arguments arguments, Duration usual) {
        Duration wait = arguments.seconds(
                "wait_seconds", usual, Duration.ZERO, desk.settings().maxWait());
        return wait.compareTo(MIN_WAIT) < 0 ? MIN_WAIT : wait;
    }

    private long maxWait() {
        return desk.settings().maxWait().toSeconds();
    }

    private long maxLease() {
        return maxLeaseOf().toSeconds();
    }

    private Duration maxLeaseOf() {
        return desk.settings().maxLease();
    }

    /** The queue's own, which needs no renewal, in whole seconds. */
    private Duration usualLease() {
        long seconds = Math.max(1, desk.queue().settings().lease().toSeconds());
        return Duration.ofSeconds(Math.min(seconds, maxLease()));
    }

    private static String until(Duration left) {
        return Instant.now().plus(left).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
