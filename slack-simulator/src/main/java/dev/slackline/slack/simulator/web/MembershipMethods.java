package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.User;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Coming into channels and leaving them. */
final class MembershipMethods implements Family {

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("conversations.join", new Method(Method.TIER_3, "channels:join", MembershipMethods::join));
        methods.put("conversations.leave", new Method(Method.TIER_3, "channels:manage", MembershipMethods::leave));
        methods.put("conversations.invite", new Method(Method.TIER_3, "channels:manage", MembershipMethods::invite));
        methods.put("conversations.kick", new Method(Method.TIER_3, "channels:manage", MembershipMethods::kick));
        methods.put("conversations.open", new Method(Method.TIER_3, "im:write", MembershipMethods::open));
        methods.put("conversations.close", new Method(Method.TIER_2, "im:write", MembershipMethods::close));
    }

    private static ObjectNode join(Call call) {
        Channel channel = call.channel();
        if (channel.kind() != Channel.Kind.PUBLIC) {
            throw new SlackError("method_not_supported_for_channel_type");
        }
        if (channel.isArchived()) {
            throw new SlackError("is_archived");
        }
        ObjectNode answer = Call.ok();
        if (!enter(call, channel, call.actor())) {
            answer.put("warning", "already_in_channel");
        }
        answer.set("channel", channel.json(call.actor(), call.workspace().id()));
        return answer;
    }

    private static ObjectNode leave(Call call) {
        Channel channel = call.channel();
        if (!channel.has(call.actor())) {
            return Call.ok().put("not_in_channel", true);
        }
        exit(call, channel, call.actor());
        return Call.ok();
    }

    private static ObjectNode invite(Call call) {
        Channel channel = call.joined();
        List<User> invited = users(call, "users");
        for (User user : invited) {
            if (!enter(call, channel, user) && invited.size() == 1) {
                throw new SlackError(user == call.actor() ? "cant_invite_self" : "already_in_channel");
            }
        }
        return ConversationMethods.answer(call, channel);
    }

    private static ObjectNode kick(Call call) {
        Channel channel = call.joined();
        User user = call.user("user");
        if (user == call.actor()) {
            throw new SlackError("cant_kick_self");
        }
        if (!channel.has(user)) {
            throw new SlackError("not_in_channel");
        }
        exit(call, channel, user);
        return Call.ok();
    }

    private static ObjectNode open(Call call) {
        if (call.arguments().has("channel")) {
            return ConversationMethods.answer(call, call.channel());
        }
        List<User> users = users(call, "users");
        if (call.arguments().flag("prevent_creation") && !exists(call, users)) {
            throw new SlackError("channel_not_found");
        }
        Channel channel = users.size() == 1 ? call.workspace().direct(call.actor(), users.get(0)) : group(call, users);
        ObjectNode answer = Call.ok();
        if (call.arguments().flag("return_im")) {
            return ConversationMethods.answer(call, channel);
        }
        answer.putObject("channel").put("id", channel.id());
        return answer;
    }

    private static boolean exists(Call call, List<User> users) {
        Set<String> members = new HashSet<>(users.stream().map(User::id).toList());
        members.add(call.actor().id());
        return call.workspace().channels().stream()
                .filter(channel -> channel.kind() == Channel.Kind.DIRECT || channel.kind() == Channel.Kind.GROUP_DIRECT)
                .anyMatch(channel -> channel.members().equals(members));
    }

    private static Channel group(Call call, List<User> users) {
        List<String> ids = new ArrayList<>(users.stream().map(User::id).toList());
        ids.add(call.actor().id());
        return call.workspace().channels().stream()
                .filter(channel -> channel.kind() == Channel.Kind.GROUP_DIRECT)
                .filter(channel -> channel.members().size() == ids.size()
                        && channel.members().containsAll(ids))
                .findFirst()
                .orElseGet(() -> {
                    String names =
                            String.join("--", users.stream().map(User::name).toList());
                    return call.workspace()
                            .addChannel("mpdm-" + names + "-1", Channel.Kind.GROUP_DIRECT, call.actor(), users);
                });
    }

    private static ObjectNode close(Call call) {
        call.channel();
        return Call.ok();
    }

    private static List<User> users(Call call, String argument) {
        List<User> users = new ArrayList<>();
        for (String reference : call.arguments().required(argument).split(",", -1)) {
            users.add(call.workspace().user(reference.strip()).orElseThrow(() -> new SlackError("user_not_found")));
        }
        return users;
    }

    private static boolean enter(Call call, Channel channel, User user) {
        boolean entered = channel.members().add(user.id());
        if (entered) {
            call.workspace().emit(channel, moved(call, channel, user, "member_joined_channel"));
        }
        return entered;
    }

    private static void exit(Call call, Channel channel, User user) {
        channel.members().remove(user.id());
        call.workspace().emit(channel, moved(call, channel, user, "member_left_channel"));
    }

    private static ObjectNode moved(Call call, Channel channel, User user, String type) {
        return Json.object()
                .put("type", type)
                .put("user", user.id())
                .put("channel", channel.id())
                .put("channel_type", channel.kind() == Channel.Kind.PUBLIC ? "C" : "G")
                .put("team", call.workspace().id())
                .put("event_ts", call.workspace().timestamps().next());
    }
}
