package dev.slackline.mcp.slack;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.slackline.mcp.Caller;
import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.Content;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.access.Audit;
import dev.slackline.mcp.access.Policy;
import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.api.SlackApiSettings;
import dev.slackline.slack.simulator.SlackSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An agent that calls tools of a simulated Slack, and looks whether each result is what its schema says. */
final class Agent implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final SlackApi api;
    private final SlackTools tools;
    private final Catalog catalog;
    private final Set<String> called = ConcurrentHashMap.newKeySet();
    final List<Audit.Call> audited = new CopyOnWriteArrayList<>();

    Agent(SlackSimulator slack, Path folder, Policy policy) {
        this(slack, settings(folder), policy, Duration.ofSeconds(20));
    }

    /** One whose calls wait for Slack's limits as long as it says. */
    Agent(SlackSimulator slack, SlackToolsSettings settings, Policy policy, Duration patience) {
        this(slack, settings, policy, patience, Duration.ofSeconds(50));
    }

    /** One that itself waits for so long. */
    Agent(SlackSimulator slack, SlackToolsSettings settings, Policy policy, Duration patience, Duration ownPatience) {
        api = SlackApi.open(new SlackApiSettings(
                slack.apiUrl(), slack.botToken(), slack.userToken("ada"), Duration.ofSeconds(20), patience, 1_000));
        tools = SlackTools.open(api, settings, ownPatience);
        catalog = tools.catalog(policy, audited::add);
    }

    static SlackToolsSettings settings(Path folder) {
        return new SlackToolsSettings(
                "",
                false,
                SlackToolsSettings.FileAccess.ON,
                10_000,
                Optional.of(folder),
                folder.resolve("names.json"),
                Duration.ofHours(1),
                10_000);
    }

    Catalog catalog() {
        return catalog;
    }

    Set<String> names() {
        return catalog.tools().stream().map(Tool::name).collect(Collectors.toSet());
    }

    /** The tools that were called so far. */
    Set<String> called() {
        return called;
    }

    /** What a call gives, which must succeed. Arguments are a name and a value in turn. */
    JsonNode calls(String name, Object... arguments) {
        ToolResult result = result(name, arguments);
        assertThat(result.isError()).as(name + ": " + text(result)).isFalse();
        return JSON.valueToTree(result.structured());
    }

    /** What the agent is told by a call that must not succeed. */
    String fails(String name, Object... arguments) {
        ToolResult result = result(name, arguments);
        assertThat(result.isError()).as(name + ": " + text(result)).isTrue();
        assertThat(result.structured()).isEmpty();
        return text(result);
    }

    ToolResult result(String name, Object... arguments) {
        Tool tool = catalog.tools().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + name));
        called.add(name);
        Map<String, Object> given = new java.util.LinkedHashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            given.put((String) arguments[i], arguments[i + 1]);
        }
        ToolResult result = now(tool.action().call(new ToolCall(given, Caller.LOCAL)));
        if (!result.isError()) {
            assertThat(problems(tool.input(), given)).as("arguments of " + name).isEmpty();
            assertThat(problems(tool.output(), result.structured()))
                    .as("result of " + name)
                    .isEmpty();
        }
        return result;
    }

    static <T> T now(java.util.concurrent.CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** A field of each object of a list. */
    static List<String> texts(JsonNode list, String name) {
        return list.valueStream().map(each -> each.path(name).asString("")).toList();
    }

    static String text(ToolResult result) {
        return result.content().stream()
                .map(each -> each instanceof Content.Text text ? text.text() : "")
                .collect(Collectors.joining("\n"));
    }

    private static List<String> problems(Map<String, Object> schema, Map<String, Object> value) {
        return SCHEMAS
                .getSchema(JSON.writeValueAsString(schema), InputFormat.JSON)
                .validate(JSON.writeValueAsString(value), InputFormat.JSON)
                .stream()
                .map(String::valueOf)
                .toList();
    }

    @Override
    public void close() {
        tools.close();
        api.close();
    }
}
