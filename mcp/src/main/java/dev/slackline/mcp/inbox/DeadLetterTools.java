package dev.slackline.mcp.inbox;

import dev.slackline.mcp.Tool;
import dev.slackline.mcp.Tool.Effect;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.access.Fence;
import dev.slackline.mcp.access.RefusedException;
import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetters;
import dev.slackline.slack.event.SlackEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** {@code dead_letters_list} and {@code dead_letters_replay}. */
final class DeadLetterTools {

    private static final int MAX_AT_ONCE = 100;
    private static final int USUAL = 20;
    private static final String GROUP = "whose dead letters";

    private final Desk desk;

    DeadLetterTools(Desk desk) {
        this.desk = desk;
    }

    Tool listing() {
        Map<String, Object> letter = EventView.schema()
                .number("deaths", "how often it was given up; more than once after a replay")
                .number("attempts", "how many attempts were made the last time")
                .text("died_at", "when it was given up")
                .text("reason", "UNTRUSTED: why")
                .requires("deaths", "attempts", "died_at", "reason")
                .output();
        return new Tool(
                "dead_letters_list",
                "List dead letters",
                "Lists the Slack events that were given up, the oldest first, with the reasons. If there may be more,"
                        + " next_cursor is there: call again with it.",
                Schema.object()
                        .choice("group", GROUP, desk.settings().groups())
                        .number("limit", "at most how many", 1, MAX_AT_ONCE, USUAL)
                        .text("cursor", "where to go on: the next_cursor of the call before", Arguments.MAX_NAME)
                        .input(),
                Schema.object()
                        .list("dead_letters", "the events", letter)
                        .text("next_cursor", "where to go on")
                        .requires("dead_letters")
                        .output(),
                Effect.READS,
                Desk.action(this::list));
    }

    Tool replaying() {
        return new Tool(
                "dead_letters_replay",
                "Replay dead letters",
                "Gives dead letters another chance: they go back to their group, with all their attempts. To be used once"
                        + " the reason is mended. Replaying twice changes nothing.",
                Schema.object()
                        .choice("group", GROUP, desk.settings().groups())
                        .texts("ids", "which: their ids; not with all", 0, MAX_AT_ONCE)
                        .flag("all", "every dead letter of the group")
                        .input(),
                Schema.object()
                        .number("replayed", "how many went back")
                        .requires("replayed")
                        .output(),
                Effect.SETS,
                Desk.action(this::replay));
    }

    private CompletionStage<ToolResult> list(Arguments arguments, ToolCall call) {
        String cursor = arguments.text("cursor", "", Arguments.MAX_NAME);
        int limit = arguments.count("limit", USUAL, MAX_AT_ONCE);
        return letters(arguments).list(cursor.isEmpty() ? null : cursor, limit).thenApply(letters -> {
            List<Map<String, Object>> views = letters.stream()
                    .filter(letter -> !isReadable(letter) || desk.visible().test(SlackEvent.of(letter.message())))
                    .map(DeadLetterTools::view)
                    .toList();
            Map<String, Object> structured = new LinkedHashMap<>();
            structured.put("dead_letters", views);
            if (letters.size() == limit) {
                structured.put("next_cursor", letters.get(limit - 1).message().id());
            }
            return ToolResult.of(
                    views.isEmpty() ? "No dead letters." : Fence.fresh().around(EventView.json(structured)),
                    structured);
        });
    }

    private CompletionStage<ToolResult> replay(Arguments arguments, ToolCall call) {
        Set<String> ids = arguments.texts("ids", MAX_AT_ONCE);
        boolean all = arguments.flag("all");
        if (all != ids.isEmpty()) {
            throw new RefusedException("Say which: either ids, as dead_letters_list gives them, or all: true.");
        }
        DeadLetters letters = letters(arguments);
        return (all ? letters.replayAll() : letters.replay(ids))
                .thenApply(replayed -> ToolResult.of(
                        replayed + " replayed"
                                + (all || replayed == ids.size() ? "." : "; the others are no dead letters."),
                        Map.of("replayed", replayed)));
    }

    private DeadLetters letters(Arguments arguments) {
        return desk.queue().group(desk.tray(arguments).group()).deadLetters();
    }

    /** A foreign message may have died because it is no JSON, and then says nothing but its id. */
    private static Map<String, Object> view(DeadLetter letter) {
        Map<String, Object> view = isReadable(letter)
                ? EventView.of(SlackEvent.of(letter.message()), 0)
                : EventView.bare(letter.message());
        view.put("deaths", letter.deaths().size());
        view.put("attempts", letter.last().attempts());
        view.put("died_at", letter.last().at().toString());
        view.put("reason", letter.last().reason());
        return view;
    }

    private static boolean isReadable(DeadLetter letter) {
        return letter.message().payload().problem().isEmpty();
    }
}
