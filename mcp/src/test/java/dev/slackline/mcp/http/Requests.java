package dev.slackline.mcp.http;

import dev.slackline.mcp.protocol.Message;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Requests as clients of both eras make them. */
final class Requests {

    static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();

    private Requests() {}

    /** A request of 2026-07-28 that says all it must. */
    static HttpRequest.Builder modern(URI uri, String method, Map<String, Object> params) {
        Map<String, Object> whole = new LinkedHashMap<>(params);
        Map<String, Object> meta = new LinkedHashMap<>(Map.of(
                "io.modelcontextprotocol/protocolVersion",
                "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities",
                Map.of()));
        meta.putAll(Objects.requireNonNull(Message.map(params.getOrDefault("_meta", Map.of()))));
        whole.put("_meta", meta);
        HttpRequest.Builder request = post(uri, body(1, method, whole))
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", method);
        Object name = params.getOrDefault("name", params.get("uri"));
        return name == null ? request : request.header("Mcp-Name", name.toString());
    }

    static HttpRequest.Builder post(URI uri, String body) {
        return HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    static String body(Object id, String method, Map<String, Object> params) {
        Map<String, Object> message = Message.notification(method, params);
        message.put("id", id);
        return Message.JSON.writeValueAsString(message);
    }

    /** Opens a session of 2025-11-25. @return its id */
    static String session(URI uri) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(post(
                uri,
                body(
                        0,
                        "initialize",
                        Map.of(
                                "protocolVersion",
                                "2025-11-25",
                                "capabilities",
                                Map.of(),
                                "clientInfo",
                                Map.of("name", "test", "version", "1")))));
        return answer.headers().firstValue("Mcp-Session-Id").orElseThrow();
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static Map<String, Object> json(String text) {
        return Objects.requireNonNull(Message.map(Message.JSON.readValue(text, Object.class)), text);
    }
}
