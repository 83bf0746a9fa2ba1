package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes events as work, by the tools of an inbox. */
final class InboxAgent {

    /** Longer than any call may wait. */
    private static final Duration BOUND = Duration.ofSeconds(90);

    private final Map<String, Tool> tools;
    private final Caller caller;

    InboxAgent(Catalog catalog, String name) {
        tools = catalog.tools().stream().collect(Collectors.toMap(Tool::name, tool -> tool));
        caller = new Caller(name);
    }

    /** Waits for one event and takes it for the queue's own lease. */
    JsonNode claims() {
        return claims(Map.of());
    }

    JsonNode claims(Map<String, Object> arguments) {
        Map<String, Object> all = new HashMap<>(arguments);
        all.put("wait_seconds", 60);
        JsonNode events = does("events_claim", all).path("events");
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    /** Settles what was claimed, and tells the outcome. */
    String settles(String tool, JsonNode event, Map<String, Object> arguments) {
        Map<String, Object> all = new HashMap<>(arguments);
        all.put("claims", List.of(event.path("claim").asString()));
        return does(tool, all).at("/results/0/outcome").asString();
    }

    /** What a call gives, which must succeed. */
    JsonNode does(String tool, Map<String, Object> arguments) {
        ToolResult result = calls(tool, arguments);
        assertThat(result.isError()).as(tool + ": " + result.content()).isFalse();
        return JsonMapper.shared().valueToTree(result.structured());
    }

    ToolResult calls(String tool, Map<String, Object> arguments) {
        return Objects.requireNonNull(tools.get(tool), tool)
                .action()
                .call(new ToolCall(arguments, caller))
                .toCompletableFuture()
                .orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
