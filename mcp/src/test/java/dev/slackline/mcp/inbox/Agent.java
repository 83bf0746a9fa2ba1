package dev.slackline.mcp.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.Content;
import dev.slackline.mcp.Peer;
import dev.slackline.mcp.Question;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Calls the tools of a catalogue, as an agent does. */
final class Agent {

    /** Longer than any call may wait. */
    private static final Duration BOUND = Duration.ofSeconds(90);

    private final Map<String, Tool> tools;
    private final Caller caller;

    Agent(Catalog catalog, String name) {
        this.tools = catalog.tools().stream().collect(Collectors.toMap(Tool::name, tool -> tool));
        this.caller = new Caller(name);
    }

    CompletableFuture<ToolResult> start(String tool, Map<String, Object> arguments) {
        return start(tool, arguments, new CompletableFuture<>());
    }

    /** @param gone completes when the client has left */
    CompletableFuture<ToolResult> start(String tool, Map<String, Object> arguments, CompletionStage<Void> gone) {
        Tool called = Objects.requireNonNull(tools.get(tool), tool);
        return called.action()
                .call(new ToolCall(arguments, caller, leaving(gone)))
                .toCompletableFuture();
    }

    ToolResult call(String tool, Map<String, Object> arguments) {
        return start(tool, arguments)
                .orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Calls a tool that must succeed. */
    Map<String, Object> done(String tool, Map<String, Object> arguments) {
        ToolResult result = call(tool, arguments);
        assertThat(result.isError()).as(text(result)).isFalse();
        return result.structured();
    }

    /** Calls a tool that must refuse; returns why. */
    String refused(String tool, Map<String, Object> arguments) {
        ToolResult result = call(tool, arguments);
        assertThat(result.isError()).as(text(result)).isTrue();
        return text(result);
    }

    /** Waits for one event and takes it. */
    Map<String, Object> claimOne() {
        List<Map<String, Object>> events = claim(Map.of("wait_seconds", 60));
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    List<Map<String, Object>> claim(Map<String, Object> arguments) {
        return maps(done("events_claim", arguments).get("events"));
    }

    static Map<String, Object> settling(Map<String, Object> event) {
        return Map.of("claims", List.of(token(event)));
    }

    static String token(Map<String, Object> event) {
        return String.valueOf(event.get("claim"));
    }

    static String text(ToolResult result) {
        return result.content().stream()
                .map(content -> content instanceof Content.Text text ? text.text() : "")
                .collect(Collectors.joining("\n"));
    }

    @SuppressWarnings("unchecked") // the output schema says so
    static List<Map<String, Object>> maps(@Nullable Object list) {
        assertThat(list).isInstanceOf(List.class);
        return (List<Map<String, Object>>) Objects.requireNonNull(list);
    }

    private static Peer leaving(CompletionStage<Void> gone) {
        return new Peer() {
            @Override
            public void progress(double done, double total, String message) {}

            @Override
            public void log(LogLevel level, String logger, String text) {}

            @Override
            public Map<String, Map<String, Object>> answers() {
                return Map.of();
            }

            @Override
            public String state() {
                return "";
            }

            @Override
            public boolean can(Question.Kind kind) {
                return false;
            }

            @Override
            public CompletionStage<Void> gone() {
                return gone;
            }
        };
    }
}
