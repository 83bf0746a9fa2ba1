package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.Posted;
import dev.slackline.slack.simulator.state.User;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Writing messages. */
final class ChatMethods implements Family {

    private static final String SCOPE = "chat:write";
    private static final int MAX_TEXT = 40_000;

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("chat.postMessage", new Method(Method.SPECIAL, SCOPE, ChatMethods::post));
        methods.put("chat.meMessage", new Method(Method.TIER_3, SCOPE, ChatMethods::post));
        methods.put("chat.postEphemeral", new Method(Method.TIER_4, SCOPE, ChatMethods::show));
        methods.put("chat.update", new Method(Method.TIER_3, SCOPE, ChatMethods::update));
        methods.put("chat.delete", new Method(Method.TIER_3, SCOPE, ChatMethods::delete));
        methods.put("chat.getPermalink", new Method(Method.SPECIAL, null, ChatMethods::permalink));
    }

    private static ObjectNode post(Call call) {
        Channel channel = writable(call);
        ObjectNode content = content(call);
        String threadTs = call.arguments().textOrNull("thread_ts");
        if (threadTs != null && !channel.messages().containsKey(threadTs)) {
            throw new SlackError("thread_not_found");
        }
        if (threadTs != null && call.arguments().flag("reply_broadcast")) {
            content.put("subtype", "thread_broadcast");
        }
        Posted posted = call.workspace().post(channel, call.actor(), content, threadTs);
        return answer(channel, posted.ts(), posted.message());
    }

    private static ObjectNode show(Call call) {
        Channel channel = writable(call);
        User viewer = call.user("user");
        if (!channel.has(viewer)) {
            throw new SlackError("user_not_in_channel");
        }
        Posted posted = call.workspace().show(channel, call.actor(), viewer, content(call));
        return Call.ok().put("message_ts", posted.ts());
    }

    private static ObjectNode update(Call call) {
        Channel channel = writable(call);
        ObjectNode message = own(call, channel, "cant_update_message");
        ObjectNode content = content(call);
        if (!call.arguments().has("blocks")) {
            message.remove("blocks");
        }
        call.workspace().edit(channel, call.actor(), message, content);
        String ts = Json.text(message, "ts");
        return answer(channel, ts, message).put("text", Json.text(message, "text"));
    }

    private static ObjectNode delete(Call call) {
        Channel channel = writable(call);
        ObjectNode message = own(call, channel, "cant_delete_message");
        String ts = Json.text(message, "ts");
        call.workspace().delete(channel, message);
        return Call.ok().put("channel", channel.id()).put("ts", ts);
    }

    private static ObjectNode permalink(Call call) {
        Channel channel = call.channel();
        String ts = Json.text(call.message(channel, "message_ts"), "ts");
        return Call.ok()
                .put("channel", channel.id())
                .put(
                        "permalink",
                        "https://" + call.workspace().name() + ".slack.com/archives/" + channel.id() + "/p"
                                + ts.replace(".", ""));
    }

    private static ObjectNode answer(Channel channel, String ts, ObjectNode message) {
        ObjectNode answer = Call.ok().put("channel", channel.id()).put("ts", ts);
        answer.set("message", message.deepCopy());
        return answer;
    }

    private static ObjectNode own(Call call, Channel channel, String error) {
        ObjectNode message = call.message(channel, "ts");
        if (!Json.text(message, "user").equals(call.actor().id())) {
            throw new SlackError(error);
        }
        return message;
    }

    /** The channel, or a user for the direct conversation with them, where the caller may write. */
    static Channel writable(Call call) {
        String reference = call.arguments().required("channel");
        Channel channel = call.workspace()
                .user(reference)
                .filter(user -> user.id().equals(reference))
                .map(user -> call.workspace().direct(call.actor(), user))
                .orElseGet(() -> call.channel(reference));
        if (channel.isArchived()) {
            throw new SlackError("is_archived");
        }
        boolean anywhere =
                channel.kind() == Channel.Kind.PUBLIC && call.grant().scopes().contains("chat:write.public");
        if (!channel.has(call.actor()) && !anywhere) {
            throw new SlackError("not_in_channel");
        }
        return channel;
    }

    /** What a message shall consist of. */
    static ObjectNode content(Call call) {
        Arguments arguments = call.arguments();
        String text = arguments.text("text");
        JsonNode blocks = arguments.json("blocks");
        JsonNode attachments = arguments.json("attachments");
        if (text.isEmpty() && isEmpty(blocks) && isEmpty(attachments)) {
            throw new SlackError("no_text");
        }
        ObjectNode content = Json.object().put("text", text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text);
        addIfThere(content, "blocks", blocks);
        BlockRules.ofMessage(blocks);
        addIfThere(content, "attachments", attachments);
        JsonNode metadata = arguments.json("metadata");
        if (metadata.isObject()) {
            if (!metadata.has("event_type") || !metadata.path("event_payload").isObject()) {
                throw new SlackError("invalid_metadata_format");
            }
            content.set("metadata", metadata);
        }
        @Nullable String username = arguments.textOrNull("username");
        if (username != null) {
            content.put("username", username);
        }
        return content.put("app_id", call.world().app().id());
    }

    private static void addIfThere(ObjectNode content, String name, JsonNode value) {
        if (isEmpty(value)) {
            return;
        }
        if (!value.isArray()) {
            throw new SlackError("invalid_" + name);
        }
        content.set(name, value);
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isMissingNode() || value.isNull() || value.isEmpty();
    }
}
