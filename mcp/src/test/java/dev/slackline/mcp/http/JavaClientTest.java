package dev.slackline.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.mcp.conformance.Fixtures;
import dev.slackline.mcp.protocol.Message;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The Java SDK's own client. */
class JavaClientTest {

    private static McpClient.SyncSpec client(Served server) {
        return McpClient.sync(HttpClientStreamableHttpTransport.builder(
                                "http://127.0.0.1:" + server.uri().getPort())
                        .endpoint(McpDoor.PATH)
                        .jsonMapper(new JacksonMcpJsonMapper(Message.JSON))
                        .build())
                .requestTimeout(Duration.ofSeconds(30))
                .initializationTimeout(Duration.ofSeconds(30));
    }

    private static McpSchema.CallToolResult call(McpSyncClient client, String tool, Map<String, Object> arguments) {
        return client.callTool(
                McpSchema.CallToolRequest.builder(tool).arguments(arguments).build());
    }

    private static String text(McpSchema.CallToolResult result) {
        return ((McpSchema.TextContent) result.content().get(0)).text();
    }

    @Test
    void itListsReadsAndCalls() {
        AtomicInteger asked = new AtomicInteger();
        try (Served server = new Served(Fixtures.catalog(), Served.OPEN);
                McpSyncClient client = client(server)
                        .capabilities(McpSchema.ClientCapabilities.builder()
                                .elicitation()
                                .build())
                        .elicitation(form -> {
                            asked.incrementAndGet();
                            return new McpSchema.ElicitResult(
                                    McpSchema.ElicitResult.Action.ACCEPT, Map.of("response", "blue"), null);
                        })
                        .build()) {
            assertThat(client.initialize().protocolVersion()).isEqualTo("2025-11-25");
            assertThat(client.listTools().tools())
                    .hasSize(Fixtures.catalog().tools().size());
            assertThat(client.listResources().resources()).hasSize(3);
            assertThat(client.listPrompts().prompts()).hasSize(5);
            assertThat(text(call(client, "test_simple_text", Map.of()))).startsWith("This is a simple text");
            assertThat(text(call(client, "test_elicitation", Map.of("message", "Which colour?"))))
                    .contains("blue");
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void whatIsWrongWithTheArgumentsIsForTheAgentToMend() {
        try (Served server = new Served(Fixtures.catalog(), Served.OPEN);
                McpSyncClient client = client(server).build()) {
            client.initialize();
            McpSchema.CallToolResult result = call(client, "json_schema_2020_12_tool", Map.of("phone", 1, "fax", "2"));

            assertThat(result.isError()).isTrue();
            assertThat(text(result)).contains("nothing was done", "phone", "fax");
        }
    }

    @Test
    void aQuestionThatTheClientCannotAnswerNamesTheCapability() {
        try (Served server = new Served(Fixtures.catalog(), Served.OPEN);
                McpSyncClient client = client(server).build()) {
            client.initialize();

            assertThatThrownBy(() -> call(client, "test_missing_capability", Map.of()))
                    .isInstanceOf(McpError.class)
                    .hasMessageContaining("capability sampling");
        }
    }
}
