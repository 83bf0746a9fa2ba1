package dev.slackline.mcp.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.Resource;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.Tool.Effect;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.access.Audit.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class AuditedTest {

    private static final Caller CALLER = new Caller("ada");

    private final List<Audit.Call> heard = new ArrayList<>();

    @Test
    void everyCallIsHeardOfWithItsOutcomeAndWithoutItsContent() {
        Catalog audited = Audited.over(
                new Catalog(
                        List.of(
                                tool("good", call -> done(ToolResult.of("secret", Map.of()))),
                                tool("bad", call -> done(ToolResult.error("secret"))),
                                tool("ugly", call -> CompletableFuture.failedFuture(new IllegalStateException())),
                                tool("thrown", call -> {
                                    throw new IllegalStateException("secret");
                                })),
                        List.of(new Resource(
                                "x://y",
                                "y",
                                "Y",
                                "",
                                "text/plain",
                                (uri, caller) -> CompletableFuture.failedFuture(new IllegalStateException("secret")))),
                        List.of(),
                        List.of()),
                heard::add);

        List<CompletionStage<ToolResult>> results = audited.tools().stream()
                .map(tool -> tool.action().call(new ToolCall(Map.of("text", "secret"), CALLER)))
                .toList();
        audited.resources().forEach(resource -> resource.reader().read("x://y", CALLER));

        assertThat(heard)
                .extracting(Audit.Call::caller, Audit.Call::what, Audit.Call::outcome)
                .containsExactly(
                        tuple("ada", "good", Outcome.DONE),
                        tuple("ada", "bad", Outcome.FAILED),
                        tuple("ada", "ugly", Outcome.BROKEN),
                        tuple("ada", "thrown", Outcome.BROKEN),
                        tuple("ada", "y", Outcome.BROKEN));
        assertThat(results.get(3)).isCompletedExceptionally();
        assertThat(heard.toString()).doesNotContain("secret");
    }

    private static CompletableFuture<ToolResult> done(ToolResult result) {
        return CompletableFuture.completedFuture(result);
    }

    private static Tool tool(String name, Tool.Action action) {
        return new Tool(name, name, "", Map.of(), Map.of(), Effect.READS, action);
    }
}
