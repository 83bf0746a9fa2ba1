package dev.slackline.mcp.slack;

import static dev.slackline.mcp.Tool.Effect.READS;
import static dev.slackline.mcp.slack.Fields.CHANNEL;
import static dev.slackline.mcp.slack.Fields.THREAD;
import static dev.slackline.mcp.slack.Shape.list;
import static dev.slackline.mcp.slack.Shapes.MESSAGE;
import static dev.slackline.mcp.slack.Shapes.THE_CHANNEL;
import static dev.slackline.mcp.slack.SlackTool.named;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reading what was written. */
final class ReadingTools {

    private static final Field OLDEST = Field.past("oldest", "From when on.").optional();
    private static final Field LATEST = Field.past("latest", "Until when.").optional();

    private ReadingTools() {}

    static List<SlackTool> all() {
        return List.of(history(), thread());
    }

    private static SlackTool history() {
        return named(
                        "slack_channel_history",
                        READS,
                        "Read a channel",
                        "The messages of a channel or a direct conversation, newest first, without replies: where"
                                + " reply_count is above 0, slack_thread reads them.")
                .takes(CHANNEL, OLDEST, LATEST)
                .does((given, slack) -> slack.call("conversations.history", given.forSlack())
                        .thenApply(answer -> withNames(answer, slack)))
                .returns(THE_CHANNEL, list("messages", MESSAGE))
                .paged(200, 30)
                .formatted();
    }

    private static SlackTool thread() {
        return named("slack_thread", READS, "Read a thread", "A message and the replies to it, oldest first.")
                .takes(CHANNEL, THREAD.as("ts"), OLDEST, LATEST)
                .does((given, slack) -> slack.call("conversations.replies", given.forSlack())
                        .thenApply(answer -> withNames(answer, slack)))
                .returns(THE_CHANNEL, list("messages", MESSAGE))
                .paged(200, 50)
                .formatted();
    }

    /** With the names of those who wrote, as far as they are known. */
    static Map<String, Object> withNames(Map<String, Object> answer, Slack slack) {
        Map<String, Object> named = new LinkedHashMap<>(answer);
        named.put("messages", slack.directory().book().withNames(Slack.list(answer, "messages")));
        return named;
    }
}
