package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Grant;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.User;
import dev.slackline.slack.simulator.state.Workspace;
import dev.slackline.slack.simulator.state.World;
import tools.jackson.databind.node.ObjectNode;

/** A call under way: who calls, where, with what. The lock of the workspace is held. */
record Call(World world, Grant grant, String token, Arguments arguments) {

    Workspace workspace() {
        return grant.workspace();
    }

    /** Who acts. */
    User actor() {
        return grant.user();
    }

    /** The conversation that the argument {@code channel} names and the caller may know of. */
    Channel channel() {
        return channel(arguments.text("channel"));
    }

    Channel channel(String reference) {
        Channel found = workspace().channel(reference).orElseThrow(() -> new SlackError("channel_not_found"));
        if (found.kind() != Channel.Kind.PUBLIC && !found.has(actor())) {
            throw new SlackError("channel_not_found");
        }
        return found;
    }

    /** The conversation that another argument names. */
    Channel channel(String argument, boolean member) {
        Channel channel = channel(arguments.required(argument));
        if (member && !channel.has(actor())) {
            throw new SlackError("not_in_channel");
        }
        return channel;
    }

    /** As {@link #channel()}, and the caller must be in it. */
    Channel joined() {
        Channel channel = channel();
        if (!channel.has(actor())) {
            throw new SlackError("not_in_channel");
        }
        return channel;
    }

    /** The user that an argument names. */
    User user(String argument) {
        return workspace().user(arguments.required(argument)).orElseThrow(() -> new SlackError("user_not_found"));
    }

    /** A message of a channel. */
    ObjectNode message(Channel channel, String argument) {
        ObjectNode found = channel.messages().get(arguments.text(argument));
        if (found == null) {
            throw new SlackError("message_not_found");
        }
        return found;
    }

    static ObjectNode ok() {
        return Json.object().put("ok", true);
    }
}
