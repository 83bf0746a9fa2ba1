package dev.slackline.mcp.inbox;

import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.protocol.Message;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** The tools of a server that is reached over HTTP, as if they were here. */
final class OverHttp {

    private static final String VERSION = "2026-07-28";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;
    private final String token;

    private OverHttp(URI server, String token) {
        this.server = server;
        this.token = token;
    }

    /** Those that an agent works with, shown a token. */
    static Catalog catalog(URI server, String token) {
        OverHttp there = new OverHttp(server, token);
        return new Catalog(
                List.of(there.tool("events_claim"), there.tool("events_ack")), List.of(), List.of(), List.of());
    }

    private Tool tool(String name) {
        return new Tool(name, name, "", Map.of(), Map.of(), Tool.Effect.SETS, call -> call(name, call));
    }

    private CompletableFuture<ToolResult> call(String name, ToolCall call) {
        Map<String, Object> message = Message.notification(
                "tools/call",
                Map.of(
                        "name",
                        name,
                        "arguments",
                        call.arguments(),
                        "_meta",
                        Map.of(
                                "io.modelcontextprotocol/protocolVersion",
                                VERSION,
                                "io.modelcontextprotocol/clientCapabilities",
                                Map.of())));
        message.put("id", 1);
        HttpRequest request = HttpRequest.newBuilder(server)
                .timeout(Duration.ofSeconds(90))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("MCP-Protocol-Version", VERSION)
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", name)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Message.JSON.writeValueAsBytes(message)))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(answer -> result(answer.body()));
    }

    private static ToolResult result(String body) {
        Map<String, Object> answer = Message.map(Message.JSON.readValue(body, Object.class));
        Map<String, Object> result =
                Message.map(Objects.requireNonNull(answer, body).get("result"));
        if (result == null) {
            return ToolResult.error(body);
        }
        Map<String, Object> structured = Message.map(result.get("structuredContent"));
        return Boolean.TRUE.equals(result.get("isError"))
                ? ToolResult.error(body)
                : ToolResult.of(body, structured == null ? Map.of() : structured);
    }
}
