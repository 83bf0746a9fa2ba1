package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The MCP server as a process, and clients of it. */
class McpIT {

    private static final JacksonMcpJsonMapper JSON =
            new JacksonMcpJsonMapper(JsonMapper.builder().build());
    private static final Map<String, String> FIXTURES = Map.of("MCP_CONFORMANCE_FIXTURES", "true");

    @TempDir
    private Path folder;

    @Test
    void aClientStartsItAndSpeaksOverItsStreams() {
        List<String> command = new ArrayList<>(SlacklineProcess.commandLine());
        ServerParameters parameters = ServerParameters.builder(command.remove(0))
                .args(commandWith(command, "mcp"))
                .addEnvVar("SQLITE_PATH", folder.resolve("queue.db").toString())
                .addEnvVar("MCP_CONFORMANCE_FIXTURES", "true")
                .build();

        try (McpSyncClient client = client(new StdioClientTransport(parameters, JSON))) {
            assertThat(textOfTheSimpleTool(client)).startsWith("This is a simple text");
        }
    }

    @Test
    void serveAnswersAgentsBesideSlack() throws IOException, InterruptedException {
        try (SlacklineProcess serve = SlacklineProcess.serve(folder, FIXTURES)) {
            try (McpSyncClient client =
                    client(HttpClientStreamableHttpTransport.builder("http://127.0.0.1:" + serve.port())
                            .endpoint("/mcp")
                            .jsonMapper(JSON)
                            .build())) {
                assertThat(textOfTheSimpleTool(client)).startsWith("This is a simple text");

                serve.terminate(); // while the client listens

                assertThat(serve.exitCode()).isZero();
            }
        }
    }

    @Test
    void itDoesNotListenForStrangersWithoutATokenAndServeDoesWithoutIt() throws IOException, InterruptedException {
        Map<String, String> everywhere = Map.of("HTTP_HOST", "0.0.0.0");
        try (SlacklineProcess mcp = SlacklineProcess.start(folder, everywhere, "mcp", "--http")) {
            assertThat(mcp.exitCode()).isEqualTo(2);
            assertThat(mcp.err()).contains("MCP_AUTH_TOKEN is not set");
        }
        try (SlacklineProcess serve = SlacklineProcess.start(folder, everywhere, "serve")) {
            SlacklineProcess.await("serve says so", () -> serve.err().contains("There is no /mcp here"));
        }
    }

    private static List<String> commandWith(List<String> command, String argument) {
        List<String> whole = new ArrayList<>(command);
        whole.add(argument);
        return whole;
    }

    /** Starts {@code slackline mcp}, and has its process id written to a file. */
    static McpClientTransport stdio(Path pid, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of("-c", "echo $$ >'" + pid + "'; exec \"$@\"", "sh"));
        command.addAll(SlacklineProcess.commandLine());
        return new StdioClientTransport(
                ServerParameters.builder("sh")
                        .args(commandWith(command, "mcp"))
                        .env(environment)
                        .build(),
                JSON);
    }

    static McpSyncClient client(McpClientTransport transport) {
        return McpClient.sync(transport)
                .requestTimeout(Duration.ofMinutes(1))
                .initializationTimeout(Duration.ofMinutes(1))
                .build();
    }

    private static String textOfTheSimpleTool(McpSyncClient client) {
        client.initialize();
        assertThat(client.listTools().tools()).extracting(McpSchema.Tool::name).contains("test_simple_text");
        McpSchema.CallToolResult result = client.callTool(McpSchema.CallToolRequest.builder("test_simple_text")
                .arguments(Map.of())
                .build());
        return ((McpSchema.TextContent) result.content().get(0)).text();
    }
}
