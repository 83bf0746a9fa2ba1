package dev.slackline.mcp.slack;

import static dev.slackline.mcp.Tool.Effect.ADDS;
import static dev.slackline.mcp.Tool.Effect.DESTROYS;
import static dev.slackline.mcp.Tool.Effect.READS;
import static dev.slackline.mcp.Tool.Effect.SETS;
import static dev.slackline.mcp.slack.Shape.flag;
import static dev.slackline.mcp.slack.Shape.list;
import static dev.slackline.mcp.slack.Shape.object;
import static dev.slackline.mcp.slack.Shape.text;
import static dev.slackline.mcp.slack.Shape.texts;
import static dev.slackline.mcp.slack.Shapes.CHANNEL;
import static dev.slackline.mcp.slack.Shapes.THE_CHANNEL;
import static dev.slackline.mcp.slack.SlackTool.named;

import java.util.List;
import java.util.Map;

/** Channels, and who is in them. */
final class ChannelTools {

    private static final Field KINDS = Field.texts(
                    "types", 4, "Of public_channel, private_channel, im (direct) and mpim (direct, of a few).")
            .or(List.of("public_channel", "private_channel"));

    private static final Field ARCHIVED = Field.flag("include_archived", "Whether archived channels are listed too.")
            .kept();

    private ChannelTools() {}

    static List<SlackTool> all() {
        return List.of(
                channels(),
                mine(),
                info(),
                members(),
                create(),
                join(),
                leave(),
                archive(),
                unarchive(),
                topic(),
                purpose(),
                invite(),
                openDirect());
    }

    private static SlackTool channels() {
        return named(
                        "slack_list_channels",
                        READS,
                        "List channels",
                        "The channels that the app can see, joined or not. For one by name, slack_search_channels is"
                                + " quicker.")
                .takes(KINDS, ARCHIVED)
                .does((given, slack) -> slack.call("conversations.list", open(given)))
                .returns(list("channels", CHANNEL))
                .paged(500, 100)
                .formatted();
    }

    private static SlackTool mine() {
        return named(
                        "slack_my_channels",
                        READS,
                        "List joined channels",
                        "The channels that the app is in, or that a person is in.")
                .takes(Fields.USER.optional(), KINDS, ARCHIVED)
                .does((given, slack) -> slack.call("users.conversations", open(given)))
                .returns(list("channels", CHANNEL))
                .paged(500, 100)
                .formatted();
    }

    private static Map<String, Object> open(Given given) {
        Map<String, Object> arguments = given.forSlack();
        arguments.put("exclude_archived", !given.flag("include_archived"));
        return arguments;
    }

    private static SlackTool info() {
        return named("slack_channel_info", READS, "Look at a channel", "Name, topic, purpose and kind of a channel.")
                .takes(Fields.CHANNEL)
                .calls("conversations.info", "include_num_members", true)
                .returns(THE_CHANNEL, object("info", CHANNEL).from("channel"))
                .formatted();
    }

    private static SlackTool members() {
        return named("slack_channel_members", READS, "List members", "The ids of those who are in a channel.")
                .takes(Fields.CHANNEL)
                .calls("conversations.members")
                .returns(THE_CHANNEL, texts("users").from("members").must())
                .paged(1000, 100);
    }

    private static SlackTool create() {
        return named(
                        "slack_create_channel",
                        ADDS,
                        "Create a channel",
                        "Creates a channel, with the app in it. Small letters, digits, - and _, 80 at most.")
                .takes(
                        Field.text("name", 80, "Without #."),
                        Field.flag("private", "Whether only those who are invited see it.")
                                .as("is_private"))
                .does((given, slack) -> slack.call("conversations.create", given.forSlack())
                        .thenApply(answer -> {
                            slack.directory().book().addChannel(Slack.object(answer, "channel"));
                            return answer;
                        }))
                .returns(text("channel").from("channel.id").must(), text("name").from("channel.name"));
    }

    private static SlackTool join() {
        return named("slack_join_channel", SETS, "Join a channel", "Has the app join a public channel.")
                .takes(Fields.CHANNEL)
                .calls("conversations.join")
                .returns(THE_CHANNEL);
    }

    private static SlackTool leave() {
        return named("slack_leave_channel", SETS, "Leave a channel", "Has the app leave a channel.")
                .takes(Fields.CHANNEL)
                .calls("conversations.leave")
                .returns(THE_CHANNEL);
    }

    private static SlackTool archive() {
        return named(
                        "slack_archive_channel",
                        DESTROYS,
                        "Archive a channel",
                        "Closes a channel: it can be read, and nobody can write to it any more.")
                .takes(Fields.CHANNEL)
                .calls("conversations.archive")
                .returns(THE_CHANNEL);
    }

    private static SlackTool unarchive() {
        return named("slack_unarchive_channel", SETS, "Open an archived channel", "Opens an archived channel again.")
                .takes(Fields.CHANNEL)
                .calls("conversations.unarchive")
                .returns(THE_CHANNEL);
    }

    private static SlackTool topic() {
        return named("slack_set_topic", DESTROYS, "Set the topic", "Replaces the topic of a channel, for all to see.")
                .takes(Fields.CHANNEL, Field.text("topic", 250, "The new one."))
                .calls("conversations.setTopic")
                .returns(THE_CHANNEL);
    }

    private static SlackTool purpose() {
        return named("slack_set_purpose", DESTROYS, "Set the purpose", "Replaces the description of a channel.")
                .takes(Fields.CHANNEL, Field.text("purpose", 250, "The new one."))
                .calls("conversations.setPurpose")
                .returns(THE_CHANNEL);
    }

    private static SlackTool invite() {
        return named("slack_invite", SETS, "Invite to a channel", "Brings people into a channel that the app is in.")
                .takes(Fields.CHANNEL, Field.users("users", 100, "@name, an id, or a mention of each."))
                .calls("conversations.invite")
                .returns(THE_CHANNEL);
    }

    private static SlackTool openDirect() {
        return named(
                        "slack_open_dm",
                        SETS,
                        "Open a direct conversation",
                        "Opens the direct conversation with one person, or with a few, and answers its id. To write to one"
                                + " person, slack_post_message with @name is enough.")
                .takes(Field.users("users", 8, "@name, an id, or a mention of each."))
                .calls("conversations.open")
                .returns(text("channel").from("channel.id").must(), flag("already_open"));
    }
}
