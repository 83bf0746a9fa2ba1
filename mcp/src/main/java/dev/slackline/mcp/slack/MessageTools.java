package dev.slackline.mcp.slack;

import static dev.slackline.mcp.Tool.Effect.ADDS;
import static dev.slackline.mcp.Tool.Effect.DESTROYS;
import static dev.slackline.mcp.Tool.Effect.READS;
import static dev.slackline.mcp.slack.Fields.BLOCKS;
import static dev.slackline.mcp.slack.Fields.CHANNEL;
import static dev.slackline.mcp.slack.Fields.MESSAGE;
import static dev.slackline.mcp.slack.Fields.TEXT;
import static dev.slackline.mcp.slack.Fields.THREAD;
import static dev.slackline.mcp.slack.Fields.USER;
import static dev.slackline.mcp.slack.Shape.list;
import static dev.slackline.mcp.slack.Shape.number;
import static dev.slackline.mcp.slack.Shape.text;
import static dev.slackline.mcp.slack.Shapes.THE_CHANNEL;
import static dev.slackline.mcp.slack.Shapes.THE_MESSAGE;
import static dev.slackline.mcp.slack.SlackTool.named;

import dev.slackline.mcp.slack.Shape.Part;
import java.util.List;

/** Writing messages, now or later. */
final class MessageTools {

    private static final Part[] POSTED = {text("channel").must(), text("ts").must()};

    private static final Shape SCHEDULED = Shape.of(
            text("scheduled_message_id").from("id").must(),
            text("channel").from("channel_id").must(),
            number("post_at").must(),
            text("text"));

    private MessageTools() {}

    static List<SlackTool> all(boolean unfurl) {
        return List.of(
                post(unfurl),
                reply(unfurl),
                update(),
                delete(),
                ephemeral(),
                permalink(),
                schedule(),
                scheduled(),
                cancel());
    }

    private static SlackTool post(boolean unfurl) {
        return named(
                        "slack_post_message",
                        ADDS,
                        "Post a message",
                        "Posts a message to a channel or a person, at once and for everybody there to see. Answers its ts,"
                                + " with which it can be updated, deleted or replied to.")
                .takes(CHANNEL, TEXT, BLOCKS)
                .calls("chat.postMessage", "unfurl_links", unfurl, "unfurl_media", unfurl)
                .returns(POSTED);
    }

    private static SlackTool reply(boolean unfurl) {
        return named("slack_reply", ADDS, "Reply in a thread", "Posts a reply to a message, in its thread.")
                .takes(
                        CHANNEL,
                        THREAD,
                        TEXT,
                        BLOCKS,
                        Field.flag("broadcast", "Whether the channel sees the reply as well.")
                                .as("reply_broadcast"))
                .calls("chat.postMessage", "unfurl_links", unfurl, "unfurl_media", unfurl)
                .returns(
                        text("channel").must(),
                        text("ts").must(),
                        text("thread_ts").from("given.thread_ts"));
    }

    private static SlackTool update() {
        return named(
                        "slack_update_message",
                        DESTROYS,
                        "Change a message",
                        "Replaces the text of a message that the app wrote.")
                .takes(CHANNEL, MESSAGE, TEXT, BLOCKS)
                .calls("chat.update")
                .returns(POSTED);
    }

    private static SlackTool delete() {
        return named(
                        "slack_delete_message",
                        DESTROYS,
                        "Delete a message",
                        "Deletes a message that the app wrote, for good.")
                .takes(CHANNEL, MESSAGE)
                .calls("chat.delete")
                .returns(POSTED);
    }

    private static SlackTool ephemeral() {
        return named(
                        "slack_post_ephemeral",
                        ADDS,
                        "Show a message to one person",
                        "Shows a message in a channel to one person alone, who must be in it. It is gone when they reload,"
                                + " and cannot be changed.")
                .takes(CHANNEL, USER, TEXT, BLOCKS)
                .calls("chat.postEphemeral")
                .returns(THE_CHANNEL, text("ts").from("message_ts").must());
    }

    private static SlackTool permalink() {
        return named("slack_get_permalink", READS, "Link to a message", "The address of a message, to give to people.")
                .takes(CHANNEL, MESSAGE.as("message_ts"))
                .calls("chat.getPermalink")
                .returns(THE_CHANNEL, THE_MESSAGE, text("permalink").must());
    }

    private static SlackTool schedule() {
        return named(
                        "slack_schedule_message",
                        ADDS,
                        "Schedule a message",
                        "Has Slack post a message later, up to 120 days ahead. Answers the id with which it can be taken"
                                + " back.")
                .takes(CHANNEL, TEXT, Field.future("post_at", "When."), THREAD.optional())
                .calls("chat.scheduleMessage", "unfurl_links", false, "unfurl_media", false)
                .returns(
                        text("channel").must(),
                        text("scheduled_message_id").must(),
                        number("post_at").must());
    }

    private static SlackTool scheduled() {
        return named(
                        "slack_list_scheduled_messages",
                        READS,
                        "List scheduled messages",
                        "What the app will post later, everywhere or in one channel.")
                .takes(CHANNEL.optional())
                .calls("chat.scheduledMessages.list")
                .returns(list("scheduled_messages", SCHEDULED))
                .paged(100, 50);
    }

    private static SlackTool cancel() {
        return named(
                        "slack_delete_scheduled_message",
                        DESTROYS,
                        "Take back a scheduled message",
                        "Takes back a message that was scheduled and is not posted yet.")
                .takes(CHANNEL, Field.text("scheduled_message_id", 50, "Q…, from slack_list_scheduled_messages."))
                .calls("chat.deleteScheduledMessage")
                .returns(
                        THE_CHANNEL,
                        text("scheduled_message_id")
                                .from("given.scheduled_message_id")
                                .must());
    }
}
