package dev.slackline.mcp;

import java.util.List;
import java.util.Map;

/**
 * What came of a call.
 *
 * @param content for the agent to read
 * @param structured the same by the tool's output schema; empty if it has none, or for an error
 * @param isError whether it failed in a way that the agent can mend
 */
public record ToolResult(List<Content> content, Map<String, Object> structured, boolean isError) {

    public ToolResult {
        content = List.copyOf(content);
    }

    /** It is done. */
    public static ToolResult of(String text, Map<String, Object> structured) {
        return new ToolResult(List.of(new Content.Text(text)), structured, false);
    }

    /** It is not done; the text says why, and what the agent can do next. */
    public static ToolResult error(String text) {
        return new ToolResult(List.of(new Content.Text(text)), Map.of(), true);
    }
}
