package dev.slackline.mcp.slack;

import static dev.slackline.mcp.Tool.Effect.ADDS;
import static dev.slackline.mcp.Tool.Effect.DESTROYS;
import static dev.slackline.mcp.Tool.Effect.READS;
import static dev.slackline.mcp.Tool.Effect.SETS;
import static dev.slackline.mcp.slack.Shape.list;
import static dev.slackline.mcp.slack.Shape.number;
import static dev.slackline.mcp.slack.Shape.text;
import static dev.slackline.mcp.slack.Shapes.THE_CHANNEL;
import static dev.slackline.mcp.slack.SlackTool.named;

import java.util.List;

/** Bookmarks of channels, and reminders. */
final class ShelfTools {

    private static final Field CHANNEL = Fields.CHANNEL.as("channel_id");
    private static final Field BOOKMARK = Field.text("bookmark_id", 50, "Bk…, from slack_list_bookmarks.");
    private static final Field REMINDER = Field.text("reminder", 50, "Rm…, from slack_list_reminders.");
    private static final Field TITLE = Field.text("title", 200, "What people see.");
    private static final Field LINK = Field.text("link", 3_000, "Where it leads: https://…");
    private static final Field EMOJI =
            Field.text("emoji", 100, "An emoji before it, as :tada:.").optional();

    private static final Shape A_BOOKMARK =
            Shape.of(text("bookmark_id").from("id").must(), text("title"), text("link"), text("emoji"));

    private static final Shape A_REMINDER = Shape.of(
            text("reminder").from("id").must(),
            text("text").must(),
            text("user"),
            number("time"),
            number("complete_ts"));

    private ShelfTools() {}

    static List<SlackTool> all() {
        return List.of(
                bookmarks(),
                addBookmark(),
                editBookmark(),
                removeBookmark(),
                reminders(),
                remind(),
                complete(),
                forget());
    }

    private static SlackTool bookmarks() {
        return named("slack_list_bookmarks", READS, "List bookmarks", "The links at the top of a channel.")
                .takes(CHANNEL)
                .calls("bookmarks.list")
                .returns(THE_CHANNEL, list("bookmarks", A_BOOKMARK));
    }

    private static SlackTool addBookmark() {
        return named("slack_add_bookmark", ADDS, "Add a bookmark", "Puts a link at the top of a channel.")
                .takes(CHANNEL, TITLE, LINK, EMOJI)
                .calls("bookmarks.add", "type", "link")
                .returns(THE_CHANNEL, text("bookmark_id").from("bookmark.id").must());
    }

    private static SlackTool editBookmark() {
        return named("slack_edit_bookmark", DESTROYS, "Change a bookmark", "Changes a link at the top of a channel.")
                .takes(CHANNEL, BOOKMARK, TITLE.optional(), LINK.optional(), EMOJI)
                .calls("bookmarks.edit")
                .returns(THE_CHANNEL, text("bookmark_id").from("bookmark.id").must());
    }

    private static SlackTool removeBookmark() {
        return named("slack_remove_bookmark", DESTROYS, "Remove a bookmark", "Takes a link off the top of a channel.")
                .takes(CHANNEL, BOOKMARK)
                .calls("bookmarks.remove")
                .returns(
                        THE_CHANNEL,
                        text("bookmark_id").from("given.bookmark_id").must());
    }

    private static SlackTool reminders() {
        return named(
                        "slack_list_reminders",
                        READS,
                        "List reminders",
                        "The reminders of the person behind SLACK_USER_TOKEN.")
                .calls("reminders.list")
                .returns(list("reminders", A_REMINDER));
    }

    private static SlackTool remind() {
        return named(
                        "slack_add_reminder",
                        ADDS,
                        "Set a reminder",
                        "Has Slack remind the person behind SLACK_USER_TOKEN of something.")
                .takes(Field.text("text", 1_000, "Of what."), Field.future("time", "When."))
                .calls("reminders.add")
                .returns(text("reminder").from("reminder.id").must());
    }

    private static SlackTool complete() {
        return named("slack_complete_reminder", SETS, "Complete a reminder", "Marks a reminder as done.")
                .takes(REMINDER)
                .calls("reminders.complete")
                .returns(text("reminder").from("given.reminder").must());
    }

    private static SlackTool forget() {
        return named("slack_delete_reminder", DESTROYS, "Delete a reminder", "Deletes a reminder.")
                .takes(REMINDER)
                .calls("reminders.delete")
                .returns(text("reminder").from("given.reminder").must());
    }
}
