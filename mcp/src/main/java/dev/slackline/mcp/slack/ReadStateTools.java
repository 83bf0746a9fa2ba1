package dev.slackline.mcp.slack;

import static dev.slackline.mcp.Tool.Effect.READS;
import static dev.slackline.mcp.Tool.Effect.SETS;
import static dev.slackline.mcp.slack.Fields.CHANNEL;
import static dev.slackline.mcp.slack.Shape.flag;
import static dev.slackline.mcp.slack.Shape.list;
import static dev.slackline.mcp.slack.Shape.number;
import static dev.slackline.mcp.slack.Shape.text;
import static dev.slackline.mcp.slack.Shapes.THE_CHANNEL;
import static dev.slackline.mcp.slack.Shapes.THE_MESSAGE;
import static dev.slackline.mcp.slack.SlackTool.named;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What was read, and what was not. */
final class ReadStateTools {

    private static final int COUNTED = 50;

    private static final Shape UNREAD = Shape.of(
            text("channel").must(),
            text("name"),
            number("unread").must(),
            flag("more").must(),
            text("last_read"),
            text("latest"));

    private ReadStateTools() {}

    static List<SlackTool> all() {
        return List.of(unread(), mark());
    }

    private static SlackTool unread() {
        return named(
                        "slack_unread",
                        READS,
                        "List unread channels",
                        "The joined channels with messages since slack_mark_read was last called there, how many (more:"
                                + " at least so many), and the newest. Each page looks at limit channels.")
                .does(ReadStateTools::look)
                .returns(list("channels", UNREAD))
                .paged(20, 10);
    }

    private static SlackTool mark() {
        return named("slack_mark_read", SETS, "Mark as read", "Marks a channel as read up to a message.")
                .takes(CHANNEL, Fields.MESSAGE)
                .calls("conversations.mark")
                .returns(THE_CHANNEL, THE_MESSAGE);
    }

    private static CompletableFuture<Map<String, Object>> look(Given given, Slack slack) {
        Map<String, Object> arguments = given.forSlack();
        arguments.put("types", "public_channel,private_channel,mpim,im");
        arguments.put("exclude_archived", true);
        return slack.call("users.conversations", arguments).thenCompose(page -> {
            List<CompletableFuture<Optional<Map<String, Object>>>> looks = Slack.list(page, "channels").stream()
                    .map(channel -> unread(channel, slack))
                    .toList();
            return CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new))
                    .thenApply(unused -> {
                        Map<String, Object> found = new LinkedHashMap<>(page);
                        found.put(
                                "channels",
                                looks.stream()
                                        .map(CompletableFuture::join)
                                        .flatMap(Optional::stream)
                                        .toList());
                        return found;
                    });
        });
    }

    private static CompletableFuture<Optional<Map<String, Object>>> unread(Map<String, Object> channel, Slack slack) {
        String id = Slack.text(channel, "id");
        return slack.call("conversations.info", Map.of("channel", id)).thenCompose(info -> {
            String lastRead = Slack.text(Slack.object(info, "channel"), "last_read");
            Map<String, Object> since = lastRead.isEmpty()
                    ? Map.of("channel", id, "limit", COUNTED)
                    : Map.of("channel", id, "limit", COUNTED, "oldest", lastRead);
            return slack.call("conversations.history", since).thenApply(history -> {
                List<Map<String, Object>> messages = Slack.list(history, "messages");
                return messages.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Map.of(
                                "channel", id,
                                "name", Slack.text(channel, "name"),
                                "unread", messages.size(),
                                "more", Boolean.TRUE.equals(history.get("has_more")),
                                "last_read", lastRead,
                                "latest", Slack.text(messages.get(0), "ts")));
            });
        });
    }
}
