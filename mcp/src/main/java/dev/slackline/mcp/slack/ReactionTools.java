package dev.slackline.mcp.slack;

import static dev.slackline.mcp.Tool.Effect.DESTROYS;
import static dev.slackline.mcp.Tool.Effect.READS;
import static dev.slackline.mcp.Tool.Effect.SETS;
import static dev.slackline.mcp.slack.Fields.CHANNEL;
import static dev.slackline.mcp.slack.Shape.list;
import static dev.slackline.mcp.slack.Shapes.REACTION;
import static dev.slackline.mcp.slack.Shapes.THE_CHANNEL;
import static dev.slackline.mcp.slack.Shapes.THE_MESSAGE;
import static dev.slackline.mcp.slack.SlackTool.named;

import java.util.List;

/** Reactions to messages, and what is pinned. */
final class ReactionTools {

    private static final Field OF_MESSAGE = Fields.MESSAGE.as("timestamp");
    private static final Field EMOJI = Field.text("name", 100, "The emoji without colons: thumbsup.");

    private static final Shape PIN = Shape.of(
            Shape.text("channel"),
            Shape.text("ts").from("message.ts"),
            Shape.text("user").from("message.user"),
            Shape.text("text").from("message.text"),
            Shape.text("file").from("file.id"));

    private ReactionTools() {}

    static List<SlackTool> all() {
        return List.of(add(), remove(), get(), pin(), unpin(), pins());
    }

    private static SlackTool add() {
        return named("slack_add_reaction", SETS, "Add a reaction", "Reacts to a message with an emoji.")
                .takes(CHANNEL, OF_MESSAGE, EMOJI)
                .calls("reactions.add")
                .returns(THE_CHANNEL, THE_MESSAGE);
    }

    private static SlackTool remove() {
        return named("slack_remove_reaction", DESTROYS, "Remove a reaction", "Takes back a reaction of the app's.")
                .takes(CHANNEL, OF_MESSAGE, EMOJI)
                .calls("reactions.remove")
                .returns(THE_CHANNEL, THE_MESSAGE);
    }

    private static SlackTool get() {
        return named("slack_get_reactions", READS, "Look at reactions", "The reactions to a message.")
                .takes(CHANNEL, OF_MESSAGE)
                .calls("reactions.get", "full", true)
                .returns(THE_CHANNEL, THE_MESSAGE, list("reactions", REACTION).from("message.reactions"))
                .formatted();
    }

    private static SlackTool pin() {
        return named("slack_pin_message", SETS, "Pin a message", "Pins a message to its channel, for all to find.")
                .takes(CHANNEL, OF_MESSAGE)
                .calls("pins.add")
                .returns(THE_CHANNEL, THE_MESSAGE);
    }

    private static SlackTool unpin() {
        return named("slack_unpin_message", DESTROYS, "Unpin a message", "Takes a pinned message off.")
                .takes(CHANNEL, OF_MESSAGE)
                .calls("pins.remove")
                .returns(THE_CHANNEL, THE_MESSAGE);
    }

    private static SlackTool pins() {
        return named("slack_list_pins", READS, "List pins", "What is pinned to a channel.")
                .takes(CHANNEL)
                .calls("pins.list")
                .returns(THE_CHANNEL, list("pins", PIN).from("items"));
    }
}
