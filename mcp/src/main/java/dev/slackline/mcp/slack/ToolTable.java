package dev.slackline.mcp.slack;

import dev.slackline.mcp.Tool;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The tools as a table for people, in Markdown. */
public final class ToolTable {

    private ToolTable() {}

    /** One row for each tool: what it is called, what it changes, what it takes (a ? where it may be left out), what for. */
    public static String of(List<Tool> tools) {
        return tools.stream()
                .map(tool -> "| `" + tool.name() + "` | " + effect(tool) + " | " + arguments(tool) + " | "
                        + tool.description().replace("|", "\\|") + " |")
                .collect(Collectors.joining(
                        "\n", "| tool | effect | arguments | what for |\n|---|---|---|---|\n", "\n"));
    }

    private static String effect(Tool tool) {
        return tool.effect().name().toLowerCase(Locale.ROOT);
    }

    private static String arguments(Tool tool) {
        List<?> required = tool.input().get("required") instanceof List<?> list ? list : List.of();
        return tool.input().get("properties") instanceof Map<?, ?> properties
                ? properties.keySet().stream()
                        .map(name -> "`" + name + "`" + (required.contains(name) ? "" : "?"))
                        .collect(Collectors.joining(" "))
                : "";
    }
}
