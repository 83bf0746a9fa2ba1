package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.User;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Channels, and who is in them. */
final class ConversationMethods implements Family {

    private static final String READ = "channels:read";
    private static final String MANAGE = "channels:manage";
    private static final int MAX_NAME = 80;

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("conversations.list", new Method(Method.TIER_2, READ, ConversationMethods::list));
        methods.put("users.conversations", new Method(Method.TIER_3, READ, ConversationMethods::mine));
        methods.put("conversations.info", new Method(Method.TIER_3, READ, ConversationMethods::info));
        methods.put("conversations.members", new Method(Method.TIER_4, READ, ConversationMethods::members));
        methods.put("conversations.create", new Method(Method.TIER_2, MANAGE, ConversationMethods::create));
        methods.put("conversations.rename", new Method(Method.TIER_2, MANAGE, ConversationMethods::rename));
        methods.put("conversations.archive", new Method(Method.TIER_2, MANAGE, call -> archive(call, true)));
        methods.put("conversations.unarchive", new Method(Method.TIER_2, MANAGE, call -> archive(call, false)));
        methods.put("conversations.setTopic", new Method(Method.TIER_2, MANAGE, call -> remark(call, "topic")));
        methods.put("conversations.setPurpose", new Method(Method.TIER_2, MANAGE, call -> remark(call, "purpose")));
        methods.put("conversations.mark", new Method(Method.TIER_3, MANAGE, ConversationMethods::mark));
    }

    private static ObjectNode list(Call call) {
        return page(call, call.actor(), false);
    }

    private static ObjectNode mine(Call call) {
        return page(call, call.arguments().has("user") ? call.user("user") : call.actor(), true);
    }

    private static ObjectNode page(Call call, User viewer, boolean membersOnly) {
        Set<String> types = types(call.arguments());
        boolean open = call.arguments().flag("exclude_archived");
        List<ObjectNode> found = call.workspace().channels().stream()
                .filter(channel -> types.contains(type(channel)))
                .filter(channel -> !open || !channel.isArchived())
                .filter(channel -> channel.has(viewer) || (channel.kind() == Channel.Kind.PUBLIC && !membersOnly))
                .map(channel -> channel.json(viewer, call.workspace().id()))
                .toList();
        return Page.add(Call.ok(), "channels", found, call.arguments(), Page.DEFAULT);
    }

    private static Set<String> types(Arguments arguments) {
        if (!arguments.has("types")) {
            return Set.of("public_channel");
        }
        Set<String> types = new java.util.HashSet<>();
        for (String type : arguments.text("types").split(",", -1)) {
            types.add(type.strip());
        }
        if (!Set.of("public_channel", "private_channel", "mpim", "im").containsAll(types)) {
            throw new SlackError("invalid_types");
        }
        return types;
    }

    private static String type(Channel channel) {
        return switch (channel.kind()) {
            case PUBLIC -> "public_channel";
            case PRIVATE -> "private_channel";
            case DIRECT -> "im";
            case GROUP_DIRECT -> "mpim";
        };
    }

    private static ObjectNode info(Call call) {
        return answer(call, call.channel());
    }

    private static ObjectNode members(Call call) {
        List<StringNode> members =
                call.channel().members().stream().map(StringNode::valueOf).toList();
        return Page.add(Call.ok(), "members", members, call.arguments(), Page.DEFAULT);
    }

    private static ObjectNode create(Call call) {
        String name = name(call);
        Channel.Kind kind = call.arguments().flag("is_private") ? Channel.Kind.PRIVATE : Channel.Kind.PUBLIC;
        Channel channel = call.workspace().addChannel(name, kind, call.actor(), List.of());
        ObjectNode event = Json.object().put("type", "channel_created");
        event.putObject("channel")
                .put("id", channel.id())
                .put("name", name)
                .put("creator", call.actor().id())
                .put("created", call.workspace().timestamps().seconds());
        call.workspace()
                .emit(event.put("event_ts", call.workspace().timestamps().next()));
        return answer(call, channel);
    }

    private static ObjectNode rename(Call call) {
        Channel channel = call.joined();
        String name = name(call);
        channel.rename(name);
        ObjectNode event = Json.object().put("type", "channel_rename");
        event.putObject("channel").put("id", channel.id()).put("name", name);
        call.workspace()
                .emit(
                        channel,
                        event.put("event_ts", call.workspace().timestamps().next()));
        return answer(call, channel);
    }

    private static String name(Call call) {
        String name = call.arguments().required("name");
        if (name.length() > MAX_NAME
                || !name.matches("[a-z0-9_\\p{L}-]+")
                || !name.equals(name.toLowerCase(java.util.Locale.ROOT))) {
            throw new SlackError("invalid_name_specials");
        }
        if (call.workspace().channel(name).isPresent()) {
            throw new SlackError("name_taken");
        }
        return name;
    }

    private static ObjectNode archive(Call call, boolean closed) {
        Channel channel = call.joined();
        if (channel.isArchived() == closed) {
            throw new SlackError(closed ? "already_archived" : "not_archived");
        }
        if (channel.name().equals("general")) {
            throw new SlackError("cant_archive_general");
        }
        channel.archive(closed);
        call.workspace()
                .emit(
                        channel,
                        Json.object()
                                .put("type", closed ? "channel_archive" : "channel_unarchive")
                                .put("channel", channel.id())
                                .put("user", call.actor().id())
                                .put("event_ts", call.workspace().timestamps().next()));
        return Call.ok();
    }

    private static ObjectNode remark(Call call, String field) {
        Channel channel = call.joined();
        String value = call.arguments().text(field);
        long now = call.workspace().timestamps().seconds();
        if (field.equals("topic")) {
            channel.topic(value, call.actor(), now);
        } else {
            channel.purpose(value, call.actor(), now);
        }
        ObjectNode content = Json.object()
                .put("subtype", "channel_" + field)
                .put("text", "set the channel " + field + ": " + value)
                .put(field, value);
        call.workspace().post(channel, call.actor(), content, null);
        return answer(call, channel).put(field, value);
    }

    private static ObjectNode mark(Call call) {
        call.joined().mark(call.actor(), call.arguments().required("ts"));
        return Call.ok();
    }

    static ObjectNode answer(Call call, Channel channel) {
        ObjectNode answer = Call.ok();
        answer.set("channel", channel.json(call.actor(), call.workspace().id()));
        return answer;
    }
}
