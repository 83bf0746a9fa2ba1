package dev.slackline.mcp.protocol;

import dev.slackline.mcp.Content;
import dev.slackline.mcp.Prompt;
import dev.slackline.mcp.Resource;
import dev.slackline.mcp.ResourceContents;
import dev.slackline.mcp.ResourceTemplate;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the catalogue's entries look like on the wire, which is the same in every version of the protocol. */
final class Wire {

    private Wire() {}

    static Map<String, Object> tool(Tool tool) {
        Map<String, Object> wire = named(tool.name(), tool.title(), tool.description());
        wire.put("inputSchema", tool.input());
        if (!tool.output().isEmpty()) {
            wire.put("outputSchema", tool.output());
        }
        wire.put("annotations", annotations(tool));
        return wire;
    }

    /** Slack is an open world: what a tool meets there is written by others. */
    private static Map<String, Object> annotations(Tool tool) {
        Map<String, Object> hints = new LinkedHashMap<>();
        boolean reads = tool.effect() == Tool.Effect.READS;
        hints.put("title", tool.title());
        hints.put("readOnlyHint", reads);
        hints.put("destructiveHint", tool.effect() == Tool.Effect.DESTROYS);
        hints.put("idempotentHint", tool.effect() != Tool.Effect.ADDS);
        hints.put("openWorldHint", true);
        return hints;
    }

    static Map<String, Object> resource(Resource resource) {
        Map<String, Object> wire = named(resource.name(), resource.title(), resource.description());
        wire.put("uri", resource.uri());
        wire.put("mimeType", resource.mimeType());
        return wire;
    }

    static Map<String, Object> template(ResourceTemplate template) {
        Map<String, Object> wire = named(template.name(), template.title(), template.description());
        wire.put("uriTemplate", template.uriTemplate());
        wire.put("mimeType", template.mimeType());
        return wire;
    }

    static Map<String, Object> prompt(Prompt prompt) {
        Map<String, Object> wire = named(prompt.name(), prompt.title(), prompt.description());
        wire.put(
                "arguments",
                prompt.arguments().stream()
                        .map(argument -> Map.<String, Object>of(
                                "name", argument.name(),
                                "description", argument.description(),
                                "required", argument.required()))
                        .toList());
        return wire;
    }

    static Map<String, Object> result(ToolResult result) {
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put("content", contents(result.content()));
        if (!result.structured().isEmpty()) {
            wire.put("structuredContent", result.structured());
        }
        wire.put("isError", result.isError());
        return wire;
    }

    static List<Map<String, Object>> contents(List<Content> contents) {
        return contents.stream().map(Wire::content).toList();
    }

    static Map<String, Object> turn(Prompt.Turn turn) {
        return Map.of("role", turn.role().name().toLowerCase(Locale.ROOT), "content", content(turn.content()));
    }

    static Map<String, Object> read(ResourceContents contents) {
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put("uri", contents.uri());
        wire.put("mimeType", contents.mimeType());
        wire.put(contents.binary() ? "blob" : "text", contents.text());
        return wire;
    }

    private static Map<String, Object> content(Content content) {
        if (content instanceof Content.Text text) {
            return Map.of("type", "text", "text", text.text());
        }
        if (content instanceof Content.Image image) {
            return Map.of("type", "image", "data", image.data(), "mimeType", image.mimeType());
        }
        if (content instanceof Content.Audio audio) {
            return Map.of("type", "audio", "data", audio.data(), "mimeType", audio.mimeType());
        }
        return Map.of("type", "resource", "resource", read(((Content.Embedded) content).contents()));
    }

    private static Map<String, Object> named(String name, String title, String description) {
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put("name", name);
        wire.put("title", title);
        wire.put("description", description);
        return wire;
    }
}
