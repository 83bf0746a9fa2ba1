package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.Posted;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Writing messages. */
final class ChatMethods implements Family {

    private static final int MAX_TEXT = 40_000;

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("chat.postMessage", new Method(Method.SPECIAL, "chat:write", ChatMethods::post));
    }

    private static ObjectNode post(Call call) {
        Channel channel = writable(call);
        String threadTs = call.arguments().textOrNull("thread_ts");
        if (threadTs != null && !channel.messages().containsKey(threadTs)) {
            throw new SlackError("thread_not_found");
        }
        Posted posted = call.workspace().post(channel, call.actor(), content(call), threadTs);
        ObjectNode answer = Call.ok().put("channel", channel.id()).put("ts", posted.ts());
        answer.set("message", posted.message().deepCopy());
        return answer;
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
        if (!channel.has(call.actor())) {
            throw new SlackError("not_in_channel");
        }
        return channel;
    }

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
        addIfThere(content, "attachments", attachments);
        JsonNode metadata = arguments.json("metadata");
        if (metadata.isObject()) {
            if (!metadata.has("event_type") || !metadata.path("event_payload").isObject()) {
                throw new SlackError("invalid_metadata_format");
            }
            content.set("metadata", metadata);
        }
        copyText(arguments, content, "username");
        return content.put("app_id", call.world().app().id());
    }

    private static void copyText(Arguments arguments, ObjectNode content, String name) {
        @Nullable String value = arguments.textOrNull(name);
        if (value != null) {
            content.put(name, value);
        }
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
