package dev.slackline.mcp.conformance;

import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.Content;
import dev.slackline.mcp.Peer;
import dev.slackline.mcp.ResourceContents;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;

/** The catalogue of the conformance suite {@code @modelcontextprotocol/conformance}; its names are the suite's. */
public final class Fixtures {

    static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
    private static final String WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";
    private static final Map<String, Object> NO_ARGUMENTS = Map.of("type", "object", "properties", Map.of());

    private static final Content PICTURE = new Content.Image(PNG, "image/png");

    private Fixtures() {}

    /** All of it. */
    public static Catalog catalog() {
        return new Catalog(
                Stream.concat(tools(), Questions.tools()).toList(),
                Readables.resources(),
                Readables.templates(),
                Readables.prompts());
    }

    private static Stream<Tool> tools() {
        return Stream.of(
                tool(
                        "test_simple_text",
                        "Answers with text.",
                        call -> says("This is a simple text response for testing.")),
                tool("test_image_content", "Answers with a picture.", call -> contents(PICTURE)),
                tool(
                        "test_audio_content",
                        "Answers with a sound.",
                        call -> contents(new Content.Audio(WAV, "audio/wav"))),
                tool(
                        "test_embedded_resource",
                        "Answers with a resource.",
                        call -> contents(embedded(
                                "test://embedded-resource", "text/plain", "This is an embedded resource content."))),
                tool(
                        "test_multiple_content_types",
                        "Answers with several kinds of content.",
                        call -> contents(
                                new Content.Text("Multiple content types test:"),
                                PICTURE,
                                embedded(
                                        "test://mixed-content-resource",
                                        "application/json",
                                        "{\"test\":\"data\",\"value\":123}"))),
                tool("test_tool_with_logging", "Logs while it works.", Fixtures::logs),
                tool("test_logging_tool", "Logs while it works.", Fixtures::logs),
                tool("test_tool_with_progress", "Tells how far it is.", Fixtures::advances),
                tool("test_streaming_elicitation", "Tells how far it is.", Fixtures::advances),
                tool(
                        "test_error_handling",
                        "Fails.",
                        call -> ToolResult.error("This tool intentionally returns an error for testing")),
                tool("test_reconnection", "Answers with text.", call -> says("Reconnection test completed")),
                new Tool(
                        "json_schema_2020_12_tool",
                        "JSON Schema 2020-12",
                        "Takes arguments that need the whole vocabulary of JSON Schema 2020-12.",
                        Readables.schema(),
                        Map.of(),
                        Tool.Effect.READS,
                        call -> CompletableFuture.completedFuture(
                                says("called with " + call.arguments().keySet()))));
    }

    private static ToolResult logs(ToolCall call) {
        for (String line : List.of("Tool execution started", "Tool processing data", "Tool execution completed")) {
            call.peer().log(Peer.LogLevel.INFO, "conformance", line);
        }
        return says("Tool with logging executed successfully");
    }

    private static ToolResult advances(ToolCall call) {
        for (int percent : new int[] {0, 50, 100}) {
            call.peer().progress(percent, 100, "Completed step " + percent + " of 100");
        }
        return says("done");
    }

    static Tool tool(String name, String description, Function<ToolCall, ToolResult> answer) {
        return asking(name, description, NO_ARGUMENTS, call -> CompletableFuture.completedFuture(answer.apply(call)));
    }

    static Tool asking(
            String name,
            String description,
            Map<String, Object> input,
            Function<ToolCall, CompletionStage<ToolResult>> answer) {
        return new Tool(name, name, description, input, Map.of(), Tool.Effect.READS, answer::apply);
    }

    static ToolResult says(String text) {
        return contents(new Content.Text(text));
    }

    static Content embedded(String uri, String mimeType, String text) {
        return new Content.Embedded(new ResourceContents(uri, mimeType, text, false));
    }

    private static ToolResult contents(Content... contents) {
        return new ToolResult(List.of(contents), Map.of(), false);
    }
}
