package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.SharedFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Canvases: files of sections, one for each block of Markdown between blank lines. */
final class CanvasMethods implements Family {

    private static final String WRITE = "canvases:write";
    private static final String SECTIONS = " sections";

    private final String baseUrl;

    CanvasMethods(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("canvases.create", new Method(Method.TIER_2, WRITE, this::create));
        methods.put("canvases.edit", new Method(Method.TIER_3, WRITE, CanvasMethods::edit));
        methods.put("canvases.delete", new Method(Method.TIER_3, WRITE, CanvasMethods::delete));
        methods.put("canvases.sections.lookup", new Method(Method.TIER_3, "canvases:read", CanvasMethods::lookup));
    }

    private ObjectNode create(Call call) {
        String title = call.arguments().text("title");
        SharedFile file = call.world()
                .files()
                .expect(call.workspace(), call.actor(), title.isEmpty() ? "Untitled" : title, 0, baseUrl);
        file.complete(file.name());
        if (call.arguments().has("channel_id")) {
            Channel channel = call.channel("channel_id", true);
            file.shareTo(channel);
        }
        sections(call, file).addAll(parse(call, call.arguments().json("document_content")));
        write(call, file);
        return Call.ok().put("canvas_id", file.id());
    }

    private static ObjectNode edit(Call call) {
        SharedFile file = find(call);
        JsonNode changes = call.arguments().json("changes");
        if (!changes.isArray() || changes.size() != 1) {
            throw new SlackError("invalid_arguments");
        }
        JsonNode change = changes.path(0);
        List<ObjectNode> sections = sections(call, file);
        List<ObjectNode> added = parse(call, change.path("document_content"));
        String id = Json.text(change, "section_id");
        switch (Json.text(change, "operation")) {
            case "insert_at_end" -> sections.addAll(added);
            case "insert_at_start" -> sections.addAll(0, added);
            case "insert_after" -> sections.addAll(index(sections, id) + 1, added);
            case "insert_before" -> sections.addAll(index(sections, id), added);
            case "delete" -> sections.remove(index(sections, id));
            case "replace" -> replace(sections, id, added);
            default -> throw new SlackError("canvas_editing_failed");
        }
        write(call, file);
        return Call.ok();
    }

    private static void replace(List<ObjectNode> sections, String id, List<ObjectNode> added) {
        if (id.isEmpty()) {
            sections.clear();
            sections.addAll(added);
        } else {
            int at = index(sections, id);
            sections.remove(at);
            sections.addAll(at, added);
        }
    }

    private static ObjectNode delete(Call call) {
        call.world().files().remove(find(call));
        return Call.ok();
    }

    private static ObjectNode lookup(Call call) {
        String wanted = Json.text(call.arguments().json("criteria"), "contains_text");
        ObjectNode answer = Call.ok();
        ArrayNode found = answer.putArray("sections");
        sections(call, find(call)).stream()
                .filter(section -> Json.text(section, "text").contains(wanted))
                .forEach(section -> found.addObject().put("id", Json.text(section, "id")));
        return answer;
    }

    private static SharedFile find(Call call) {
        return call.world()
                .files()
                .find(call.workspace(), call.arguments().required("canvas_id"))
                .orElseThrow(() -> new SlackError("canvas_not_found"));
    }

    private static List<ObjectNode> sections(Call call, SharedFile file) {
        return call.workspace().items(file.id() + SECTIONS);
    }

    private static List<ObjectNode> parse(Call call, JsonNode content) {
        String markdown = Json.text(content, "markdown");
        return markdown.lines().collect(Collectors.joining("\n")).isBlank()
                ? List.of()
                : List.of(markdown.split("\n\\s*\n", -1)).stream()
                        .map(text -> Json.object()
                                .put("id", "temp:C:" + call.workspace().ids().next("S"))
                                .put("text", text))
                        .toList();
    }

    private static int index(List<ObjectNode> sections, String id) {
        for (int i = 0; i < sections.size(); i++) {
            if (Json.text(sections.get(i), "id").equals(id)) {
                return i;
            }
        }
        throw new SlackError("section_not_found");
    }

    private static void write(Call call, SharedFile file) {
        String html = sections(call, file).stream()
                .map(section -> "<p id='" + Json.text(section, "id") + "'>"
                        + Json.text(section, "text").replace("&", "&amp;").replace("<", "&lt;") + "</p>")
                .collect(Collectors.joining("\n"));
        file.rewrite(html.getBytes(StandardCharsets.UTF_8));
    }
}
