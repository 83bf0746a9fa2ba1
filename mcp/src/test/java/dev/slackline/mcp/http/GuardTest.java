package dev.slackline.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolResult;
import dev.slackline.queue.config.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {

    private final AtomicInteger written = new AtomicInteger();

    private final Catalog catalog = new Catalog(
            List.of(tool("look", Tool.Effect.READS), tool("change", Tool.Effect.SETS)),
            List.of(),
            List.of(),
            List.of());

    private Tool tool(String name, Tool.Effect effect) {
        return new Tool(name, name, name, Map.of("type", "object"), Map.of(), effect, call -> {
            written.addAndGet(effect == Tool.Effect.READS ? 0 : 1);
            return CompletableFuture.completedFuture(
                    ToolResult.of("done by " + call.caller().name(), Map.of()));
        });
    }

    private static McpSettings with(String... tokens) {
        return new McpSettings(List.of(tokens), List.of(), List.of(), 4096, 0);
    }

    private static HttpRequest.Builder call(URI uri, String tool) {
        return Requests.modern(uri, "tools/call", Map.of("name", tool, "arguments", Map.of()));
    }

    @Test
    void aTokenIsNeededWhereThereAreTokensAndNamesItsOwner() throws IOException, InterruptedException {
        try (Served server = new Served(catalog, with("ada:s3cret", "plain"))) {
            HttpResponse<String> none = Requests.send(call(server.uri(), "change"));
            HttpResponse<String> wrong =
                    Requests.send(call(server.uri(), "change").header("Authorization", "Bearer s3cre"));
            HttpResponse<String> right =
                    Requests.send(call(server.uri(), "change").header("Authorization", "Bearer s3cret"));

            assertThat(none.statusCode()).isEqualTo(401);
            assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"slackline\"");
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(right.statusCode()).isEqualTo(200);
            assertThat(right.body()).contains("done by ada");
            assertThat(written).hasValue(1);
        }
    }

    @Test
    void aTokenThatMayReadSeesAndRunsNothingElse() throws IOException, InterruptedException {
        try (Served server = new Served(catalog, with("ci/read:t0ken"))) {
            HttpResponse<String> list = Requests.send(
                    Requests.modern(server.uri(), "tools/list", Map.of()).header("Authorization", "Bearer t0ken"));
            HttpResponse<String> change =
                    Requests.send(call(server.uri(), "change").header("Authorization", "Bearer t0ken"));
            HttpResponse<String> look =
                    Requests.send(call(server.uri(), "look").header("Authorization", "Bearer t0ken"));

            assertThat(list.body()).contains("\"look\"").doesNotContain("\"change\"");
            assertThat(change.body()).contains("-32602", "may only read");
            assertThat(look.body()).contains("done by ci");
            assertThat(written).hasValue(0);
        }
    }

    @Test
    void aSessionBelongsToTheTokenThatOpenedIt() throws IOException, InterruptedException {
        try (Served server = new Served(catalog, with("ada:one", "bob:two"))) {
            String opening = Requests.body(
                    0,
                    "initialize",
                    Map.of(
                            "protocolVersion",
                            "2025-11-25",
                            "capabilities",
                            Map.of(),
                            "clientInfo",
                            Map.of("name", "test", "version", "1")));
            String session = Requests.send(Requests.post(server.uri(), opening).header("Authorization", "Bearer one"))
                    .headers()
                    .firstValue("Mcp-Session-Id")
                    .orElseThrow();
            HttpRequest.Builder ping = Requests.post(server.uri(), Requests.body(1, "ping", Map.of()))
                    .header("Mcp-Session-Id", session);

            assertThat(Requests.send(ping.copy().header("Authorization", "Bearer one"))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(Requests.send(ping.copy().header("Authorization", "Bearer two"))
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://127.0.0.1.evil.example", "::not a uri::"})
    void aPageOfAnotherOriginStaysOutside(String origin) throws IOException, InterruptedException {
        try (Served server = new Served(catalog, with())) {
            HttpResponse<String> answer =
                    Requests.send(call(server.uri(), "change").header("Origin", origin));

            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(written).hasValue(0);
        }
    }

    @Test
    void anOriginThatIsAllowedComesIn() throws IOException, InterruptedException {
        McpSettings settings = new McpSettings(List.of(), List.of(), List.of("https://agents.example"), 4096, 0);
        try (Served server = new Served(catalog, settings)) {
            HttpResponse<String> asked = Requests.send(HttpRequest.newBuilder(server.uri())
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .header("Origin", "https://agents.example"));
            HttpResponse<String> called =
                    Requests.send(call(server.uri(), "look").header("Origin", "https://agents.example"));

            assertThat(asked.headers().firstValue("Access-Control-Allow-Headers"))
                    .isPresent();
            assertThat(called.statusCode()).isEqualTo(200);
            assertThat(called.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains("https://agents.example");
        }
    }

    @Test
    void aClientThatAsksTooOftenIsToldWhenToComeBack() throws IOException, InterruptedException {
        McpSettings settings = new McpSettings(List.of(), List.of(), List.of(), 4096, 1);
        try (Served server = new Served(catalog, settings)) {
            HttpResponse<String> answer = Requests.send(call(server.uri(), "look"));
            for (int i = 0; i < 200 && answer.statusCode() == 200; i++) {
                answer = Requests.send(call(server.uri(), "look"));
            }

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Retry-After"))
                    .hasValueSatisfying(
                            seconds -> assertThat(Integer.parseInt(seconds)).isPositive());
        }
    }

    @Test
    void theRateHoldsInTheLongRun() {
        AtomicLong now = new AtomicLong();
        RateLimit limit = new RateLimit(2, now::get);
        int taken = 0;
        for (int second = 0; second < 100; second++) {
            for (int i = 0; i < 10; i++) {
                taken += limit.take("ada").isZero() ? 1 : 0;
            }
            now.addAndGet(Duration.ofSeconds(1).toNanos());
        }

        assertThat(taken).isBetween(200, 220);
        assertThat(limit.take("bob")).isZero();
    }

    @Test
    void aRequestBeyondTheBoundIsRefused() throws IOException, InterruptedException {
        try (Served server = new Served(catalog, with())) {
            HttpResponse<String> answer = Requests.send(Requests.post(server.uri(), "x".repeat(10_000)));

            assertThat(answer.statusCode()).isEqualTo(413);
        }
    }

    @Test
    void strangersAreNotServedWithoutTokens() {
        assertThat(with().isSafeOn("127.0.0.1")).isTrue();
        assertThat(with().isSafeOn("::1")).isTrue();
        assertThat(with().isSafeOn("0.0.0.0")).isFalse();
        assertThat(with("x").isSafeOn("0.0.0.0")).isTrue();
        assertThatThrownBy(() -> with().requireSafe("0.0.0.0"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("MCP_AUTH_TOKEN");
    }

    @Test
    void tokensThatCannotBeAreNamedWithoutShowingThem() {
        for (List<String> wrong : List.of(
                List.of("a b:s3cret"), List.of("ada:"), List.of("ada:s3cret", "bob:s3cret"), List.of("a:x1", "a:x2"))) {
            assertThatThrownBy(() -> Tokens.of(wrong))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("MCP_AUTH_TOKEN")
                    .hasMessageNotContaining("s3cret");
        }
        assertThat(with("ada:s3cret").toString()).doesNotContain("s3cret");
    }
}
