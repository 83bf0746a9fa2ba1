package dev.slackline.mcp.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.ResourceUpdates;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.conformance.Fixtures;
import dev.slackline.mcp.protocol.Offer;
import dev.slackline.queue.testkit.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class McpPipeTest {

    private static final int MAX = 10_000;
    private static final String META = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"initialize\",\"params\":"
            + "{\"protocolVersion\":\"2024-11-05\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";

    private final List<String> out = new CopyOnWriteArrayList<>();
    private final ResourceUpdates updates = new ResourceUpdates();

    private Offer offer(Catalog catalog) {
        return new Offer(catalog, updates, "1.0", "");
    }

    private void write(byte[] line) {
        out.add(new String(line, StandardCharsets.UTF_8));
    }

    private List<String> answers(String... lines) {
        byte[] in = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        new McpPipe(offer(Fixtures.catalog()), new ByteArrayInputStream(in), this::write, MAX).run();
        return out;
    }

    private static String request(int id, String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":{" + params + "}}";
    }

    @Test
    void bothErasAreSpokenOnOnePipe() {
        assertThat(answers(
                        request(1, "server/discover", META),
                        INITIALIZE,
                        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
                        request(2, "tools/call", "\"name\":\"test_simple_text\""),
                        request(3, "tools/call", "\"name\":\"test_simple_text\"," + META)))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("\"id\":1", "supportedVersions"),
                        line -> assertThat(line).contains("\"id\":\"a\"", "\"protocolVersion\":\"2024-11-05\""),
                        line -> assertThat(line)
                                .contains("\"id\":2", "simple text")
                                .doesNotContain("resultType"),
                        line -> assertThat(line).contains("\"id\":3", "simple text", "resultType"));
    }

    @Test
    void whatIsNoMessageIsAnsweredAndTheNextOneTaken() {
        assertThat(answers("nonsense", "[]", "x".repeat(2 * MAX), "", INITIALIZE))
                .hasSize(4)
                .anySatisfy(line -> assertThat(line).contains("-32700"))
                .anySatisfy(line -> assertThat(line).contains("-32600"))
                .last()
                .asString()
                .contains("2024-11-05");
    }

    @Test
    void aRequestBeforeInitializeIsRefusedRatherThanKept() {
        assertThat(answers(request(1, "tools/list", "")))
                .singleElement()
                .asString()
                .contains("initialize comes first");
    }

    @Test
    void progressComesBeforeTheAnswer() {
        List<String> lines = answers(
                INITIALIZE,
                request(2, "tools/call", "\"name\":\"test_tool_with_progress\",\"_meta\":{\"progressToken\":7}"));

        assertThat(lines).hasSize(5);
        assertThat(lines.subList(1, 4))
                .allSatisfy(line -> assertThat(line).contains("notifications/progress", "\"progressToken\":7"));
        assertThat(lines.get(4)).contains("\"id\":2");
    }

    @Test
    void aCancelledRequestIsToldAndNotAnswered() throws IOException {
        CompletableFuture<ToolResult> result = new CompletableFuture<>();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        Tool waiting = new Tool("wait", "wait", "wait", Map.of("type", "object"), Map.of(), Tool.Effect.READS, call -> {
            call.peer().gone().thenRun(() -> gone.complete(null));
            return result;
        });
        Offer offer = offer(new Catalog(List.of(waiting), List.of(), List.of(), List.of()));
        try (PipedOutputStream client = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(client)) {
            CompletableFuture<Void> server =
                    CompletableFuture.runAsync(() -> new McpPipe(offer, in, this::write, MAX).run());
            send(client, request(9, "tools/call", "\"name\":\"wait\"," + META));
            send(client, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":9}}");
            Await.result(gone);
            result.complete(ToolResult.of("too late", Map.of()));
            send(client, request(10, "server/discover", META));
            Await.until("the next one is answered", () -> out.size() == 1);
            client.close();
            Await.result(server);
        }

        assertThat(out).singleElement().asString().contains("\"id\":10");
    }

    private static void send(PipedOutputStream client, String line) throws IOException {
        client.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        client.flush();
    }
}
