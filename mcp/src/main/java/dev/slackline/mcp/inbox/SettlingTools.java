package dev.slackline.mcp.inbox;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.Tool.Effect;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.access.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** {@code events_ack}, {@code events_retry}, {@code events_dead_letter} and {@code events_extend}. */
final class SettlingTools {

    private static final int MAX_AT_ONCE = 100;
    static final int MAX_REASON = 500;
    private static final Duration MAX_DELAY = Duration.ofDays(30);
    private static final Map<String, Object> OUTPUT = Schema.object()
            .number("done", "for how many of the claims the call took effect, now or before")
            .list(
                    "results",
                    "what came of each",
                    Schema.object()
                            .text("claim", "its token")
                            .text(
                                    "outcome",
                                    "acked, retried, dead_lettered, extended, already_settled, expired, unknown,"
                                            + " uncertain")
                            .text("meaning", "what that means, and what to do")
                            .requires("claim", "outcome", "meaning")
                            .output())
            .requires("done", "results")
            .output();

    private final Desk desk;

    SettlingTools(Desk desk) {
        this.desk = desk;
    }

    List<Tool> all() {
        return List.of(ack(), retry(), deadLetter(), extend());
    }

    private Tool ack() {
        return tool(
                "events_ack",
                "Acknowledge events",
                "Says that the work on claimed events is done: the group never sees them again. Do the work first.",
                claims(),
                (arguments, caller, token) -> desk.claims().ack(token, caller));
    }

    private Tool retry() {
        return tool(
                "events_retry",
                "Retry events later",
                "Gives claimed events back because the work failed and may succeed later; they come again, to anybody, with"
                        + " a higher attempt. After the last allowed attempt they become dead letters.",
                claims().number(
                                "delay_seconds",
                                "not before so long; 0: after a pause that grows with each attempt",
                                0,
                                MAX_DELAY.toSeconds(),
                                0)
                        .text("reason", "why it failed, for people", MAX_REASON),
                (arguments, caller, token) -> desk.claims()
                        .retry(
                                token,
                                caller,
                                arguments.seconds("delay_seconds", Duration.ZERO, Duration.ZERO, MAX_DELAY),
                                arguments.text("reason", "an agent asked for another attempt", MAX_REASON)));
    }

    private Tool deadLetter() {
        return tool(
                "events_dead_letter",
                "Give up on events",
                "Keeps claimed events as dead letters, because no attempt can succeed; nobody gets them again unless they"
                        + " are replayed with dead_letters_replay.",
                claims().text("reason", "why, for people", MAX_REASON).requires("reason"),
                (arguments, caller, token) -> {
                    String reason = arguments.text("reason", "", MAX_REASON);
                    if (reason.isEmpty()) {
                        throw new RefusedException("reason is missing: say why no attempt can succeed.");
                    }
                    return desk.claims().deadLetter(token, caller, reason);
                });
    }

    private Tool extend() {
        Duration usual = desk.queue().settings().lease();
        Duration most = desk.settings().maxLease();
        long fallback = Math.max(1, Math.min(usual.toSeconds(), most.toSeconds()));
        return tool(
                "events_extend",
                "Keep events longer",
                "Starts the lease of claimed events anew, for work that takes longer. Call it before the lease is over.",
                claims().number("lease_seconds", "for so long from now", 1, most.toSeconds(), fallback),
                (arguments, caller, token) -> desk.claims()
                        .extend(
                                token,
                                caller,
                                arguments.seconds(
                                        "lease_seconds", Duration.ofSeconds(fallback), Duration.ofSeconds(1), most)));
    }

    private static Schema claims() {
        return Schema.object()
                .texts("claims", "the tokens that events_claim gave", 1, MAX_AT_ONCE)
                .requires("claims");
    }

    private static Tool tool(String name, String title, String description, Schema input, Settling settling) {
        return new Tool(name, title, description, input.input(), OUTPUT, Effect.SETS, Desk.action((arguments, call) -> {
            Set<String> tokens = arguments.someTexts("claims", MAX_AT_ONCE);
            return each(tokens, token -> settling.settle(arguments, call.caller(), token));
        }));
    }

    private static CompletionStage<ToolResult> each(
            Set<String> tokens, Function<String, CompletionStage<Ending>> settle) {
        Map<String, CompletableFuture<Ending>> endings = new LinkedHashMap<>();
        tokens.forEach(token -> endings.put(token, settle.apply(token).toCompletableFuture()));
        return CompletableFuture.allOf(endings.values().toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> {
                    Map<String, Ending> ended = new LinkedHashMap<>();
                    endings.forEach((token, ending) -> ended.put(token, ending.join()));
                    return result(ended);
                });
    }

    private static ToolResult result(Map<String, Ending> endings) {
        List<Map<String, Object>> results = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        endings.forEach((token, ending) -> {
            results.add(Map.of("claim", token, "outcome", ending.word(), "meaning", ending.meaning()));
            lines.add(token + ": " + ending.word() + ", " + ending.meaning());
        });
        long done = endings.values().stream().filter(Ending::isGood).count();
        String text = String.join("\n", lines);
        return done == 0 ? ToolResult.error(text) : ToolResult.of(text, Map.of("done", done, "results", results));
    }

    /** Settles one claim. */
    @FunctionalInterface
    private interface Settling {
        CompletionStage<Ending> settle(Arguments arguments, Caller caller, String token);
    }
}
