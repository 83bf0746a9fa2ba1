package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.SharedFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Files: an address to upload to, then sharing. */
final class FileMethods implements Family {

    private final String baseUrl;

    FileMethods(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("files.getUploadURLExternal", new Method(Method.TIER_4, "files:write", this::address));
        methods.put("files.completeUploadExternal", new Method(Method.TIER_4, "files:write", FileMethods::complete));
        methods.put("files.info", new Method(Method.TIER_4, "files:read", FileMethods::info));
        methods.put("files.list", new Method(Method.TIER_3, "files:read", FileMethods::list));
        methods.put("files.delete", new Method(Method.TIER_3, "files:write", FileMethods::delete));
    }

    private ObjectNode address(Call call) {
        String name = call.arguments().required("filename");
        long length = call.arguments().number("length", 0);
        if (length <= 0) {
            throw new SlackError("invalid_arguments");
        }
        SharedFile file = call.world().files().expect(call.workspace(), call.actor(), name, length, baseUrl);
        return Call.ok().put("upload_url", baseUrl + "/upload/" + file.secret()).put("file_id", file.id());
    }

    private static ObjectNode complete(Call call) {
        JsonNode wanted = call.arguments().json("files");
        if (!wanted.isArray() || wanted.isEmpty()) {
            throw new SlackError("invalid_arguments");
        }
        List<SharedFile> files = new ArrayList<>();
        for (JsonNode each : wanted) {
            SharedFile file = find(call, Json.text(each, "id"));
            if (!file.isUploaded()) {
                throw new SlackError("file_not_found");
            }
            file.complete(each.has("title") ? Json.text(each, "title") : file.name());
            files.add(file);
        }
        if (call.arguments().has("channel_id")) {
            share(call, files);
        }
        ObjectNode answer = Call.ok();
        var list = answer.putArray("files");
        files.forEach(file -> list.add(file.json()));
        return answer;
    }

    private static void share(Call call, List<SharedFile> files) {
        Channel channel = call.channel("channel_id", true);
        ObjectNode content = Json.object().put("text", call.arguments().text("initial_comment"));
        var list = content.putArray("files");
        files.forEach(file -> {
            file.shareTo(channel);
            list.add(file.json());
        });
        call.workspace().post(channel, call.actor(), content, call.arguments().textOrNull("thread_ts"));
        files.forEach(file -> call.workspace()
                .emit(
                        channel,
                        Json.object()
                                .put("type", "file_shared")
                                .put("file_id", file.id())
                                .put("user_id", call.actor().id())
                                .put("channel_id", channel.id())
                                .put("event_ts", call.workspace().timestamps().next())));
    }

    private static ObjectNode info(Call call) {
        ObjectNode answer = Call.ok();
        answer.set("file", find(call, call.arguments().required("file")).json());
        return answer;
    }

    private static ObjectNode list(Call call) {
        String channel = call.arguments().text("channel");
        String user = call.arguments().text("user");
        List<ObjectNode> found = new ArrayList<>(call.world().files().of(call.workspace()).stream()
                .map(SharedFile::json)
                .filter(file -> user.isEmpty() || Json.text(file, "user").equals(user))
                .filter(file -> channel.isEmpty()
                        || Json.text(file.path("channels"))
                                .contains(call.channel(channel).id()))
                .toList());
        Collections.reverse(found);
        return Numbered.add(Call.ok(), "files", found, call.arguments());
    }

    private static ObjectNode delete(Call call) {
        call.world().files().remove(find(call, call.arguments().required("file")));
        return Call.ok();
    }

    private static SharedFile find(Call call, String id) {
        return call.world().files().find(call.workspace(), id).orElseThrow(() -> new SlackError("file_not_found"));
    }
}
