package dev.slackline.mcp.slack;

import static dev.slackline.mcp.slack.Shape.flag;
import static dev.slackline.mcp.slack.Shape.list;
import static dev.slackline.mcp.slack.Shape.number;
import static dev.slackline.mcp.slack.Shape.text;
import static dev.slackline.mcp.slack.Shape.texts;

import dev.slackline.mcp.slack.Shape.Part;

/** What messages, channels, people and files look like in results. */
final class Shapes {

    /** The channel that was asked about. */
    static final Part THE_CHANNEL = text("channel").from("given.channel").must();

    /** The message that was asked about. */
    static final Part THE_MESSAGE = text("ts").from("given.ts").must();

    static final Shape REACTION =
            Shape.of(text("name").must(), number("count").must(), texts("users").inDetail());

    static final Shape FILE = Shape.of(
            text("file").from("id").must(),
            text("name"),
            text("title").inDetail(),
            text("mimetype"),
            number("size"),
            text("user"),
            number("created").inDetail(),
            text("permalink").inDetail());

    /** A file by itself, with the places that decide who may see it. */
    static final Shape SHARED_FILE = FILE.and(texts("channels").must());

    private static final Shape ATTACHMENT = Shape.of(
            text("channel").from("channel_id"),
            text("author_name"),
            text("title"),
            text("text"),
            text("fallback").inDetail(),
            text("from_url").inDetail());

    static final Shape MESSAGE = Shape.of(
            text("ts").must(),
            text("user"),
            text("user_name"),
            text("bot_id").inDetail(),
            text("username").inDetail(),
            text("subtype"),
            text("text").must(),
            text("thread_ts"),
            number("reply_count"),
            text("edited_ts").from("edited.ts").inDetail(),
            list("reactions", REACTION).ifAny(),
            list("files", FILE).ifAny(),
            list("attachments", ATTACHMENT).ifAny());

    static final Shape CHANNEL = Shape.of(
            text("channel").from("id").must(),
            text("name"),
            text("user"),
            flag("is_member"),
            flag("is_private"),
            flag("is_im").inDetail(),
            flag("is_mpim").inDetail(),
            flag("is_archived"),
            text("topic").from("topic.value"),
            text("purpose").from("purpose.value").inDetail(),
            number("num_members"),
            number("created").inDetail(),
            text("creator").inDetail());

    static final Shape PERSON = Shape.of(
            text("user").from("id").must(),
            text("name"),
            text("real_name").from("profile.real_name"),
            text("display_name").from("profile.display_name"),
            text("title").from("profile.title"),
            text("email").from("profile.email").inDetail(),
            text("status_text").from("profile.status_text"),
            text("status_emoji").from("profile.status_emoji").inDetail(),
            text("tz"),
            flag("is_bot"),
            flag("deleted"),
            flag("is_admin").inDetail());

    private Shapes() {}
}
