package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.slack.simulator.SlackSimulator;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The protocol's own clients call every tool that they are shown, of a simulated Slack and of an inbox that {@code serve}
 * fills, and hold each result against its schema: over HTTP to {@code serve} itself, over stdio to an {@code mcp} beside it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class McpClientsIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JacksonMcpJsonMapper MCP_JSON = new JacksonMcpJsonMapper(JSON);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final SlackSimulator slack = SlackSimulator.start();
    private final Map<String, String> environment = new HashMap<>();

    private SlacklineProcess serve;

    @BeforeAll
    void serve(@TempDir Path folder) throws IOException {
        slack.rateLimits(false);
        environment.putAll(Map.of(
                "SQLITE_PATH", folder.resolve("queue.db").toString(),
                "SLACKLINE_HOME", folder.toString(),
                "SLACK_API_URL", slack.apiUrl().toString(),
                "SLACK_BOT_TOKEN", slack.botToken(),
                "SLACK_USER_TOKEN", slack.userToken("ada"),
                "SLACK_SIGNING_SECRET", slack.signingSecret(),
                "MCP_WRITE", "on",
                "MCP_FILES", "on",
                "MCP_INBOX_KEYS", "event.app_mention"));
        serve = SlacklineProcess.serve(folder, environment);
        slack.deliverTo(URI.create("http://127.0.0.1:" + serve.port() + "/slack/events"));
    }

    @AfterAll
    void close() {
        serve.close();
        slack.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "stdio"})
    void theJavaClientCallsEveryTool(String transport) throws IOException {
        mention();
        try (McpSyncClient client = McpClient.sync(transport.equals("http") ? http() : stdio())
                .requestTimeout(PATIENCE)
                .initializationTimeout(PATIENCE)
                .enableCallToolSchemaCaching(true) // holds results against their schemas
                .build()) {
            client.initialize();
            List<String> listed = client.listTools().tools().stream()
                    .map(McpSchema.Tool::name)
                    .toList();

            List<String> called = ToolScript.run(
                    Map.of("run", "java-" + transport), (tool, arguments) -> call(client, tool, arguments));

            assertAll(listed, called);
        }
    }

    /** {@code sdk} speaks up to 2025-11-25, {@code client} 2026-07-28. */
    @ParameterizedTest
    @CsvSource({"sdk, http", "sdk, stdio", "client, http", "client, stdio"})
    void theTypeScriptClientsCallEveryTool(String client, String transport) throws IOException, InterruptedException {
        mention();
        Map<String, Object> server = transport.equals("http")
                ? Map.of("url", "http://127.0.0.1:" + serve.port() + "/mcp")
                : Map.of("command", command().get(0), "args", arguments(), "env", environment);

        List<String> output = NodeClients.run(
                "every-tool.mjs",
                client,
                ToolScript.FILE.toAbsolutePath().toString(),
                JSON.writeValueAsString(server),
                JSON.writeValueAsString(Map.of("run", client + "-" + transport)));

        assertAll(words(output, "listed "), words(output, "called "));
    }

    /** What is not in the script fails here. */
    private static void assertAll(Collection<String> listed, Collection<String> called) {
        assertThat(new TreeSet<>(called)).isEqualTo(new TreeSet<>(listed)).hasSizeGreaterThan(75);
    }

    private static List<String> words(List<String> output, String start) {
        return output.stream()
                .filter(line -> line.startsWith(start))
                .flatMap(line -> Stream.of(line.substring(start.length()).split(" ")))
                .toList();
    }

    private void mention() {
        slack.user("ada").says("#general", slack.mention() + " are you there?");
    }

    private static JsonNode call(McpSyncClient client, String tool, Map<String, Object> arguments) {
        McpSchema.CallToolResult result = client.callTool(
                McpSchema.CallToolRequest.builder(tool).arguments(arguments).build());
        assertThat(result.isError())
                .as(tool + " " + arguments + ": " + result.content())
                .isNotEqualTo(true);
        return JSON.valueToTree(result.structuredContent());
    }

    private McpClientTransport http() {
        return HttpClientStreamableHttpTransport.builder("http://127.0.0.1:" + serve.port())
                .endpoint("/mcp")
                .jsonMapper(MCP_JSON)
                .build();
    }

    private McpClientTransport stdio() {
        return new StdioClientTransport(
                ServerParameters.builder(command().get(0))
                        .args(arguments())
                        .env(environment)
                        .build(),
                MCP_JSON);
    }

    private static List<String> command() {
        return SlacklineProcess.commandLine();
    }

    private static List<String> arguments() {
        List<String> command = command();
        List<String> arguments = new ArrayList<>(command.subList(1, command.size()));
        arguments.add("mcp");
        return arguments;
    }
}
