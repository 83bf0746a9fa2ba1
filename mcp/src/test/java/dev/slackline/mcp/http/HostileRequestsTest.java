package dev.slackline.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.conformance.Fixtures;
import dev.slackline.queue.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Ten thousand requests that no client in its right mind would make, always the same ones. */
class HostileRequestsTest {

    private static final int REQUESTS = 10_000;
    private static final int AT_ONCE = 16;
    private static final String TOKEN = "a-token-that-must-not-leak";

    private static final List<String> METHODS = List.of(
            "initialize",
            "ping",
            "tools/list",
            "tools/call",
            "resources/read",
            "resources/subscribe",
            "prompts/get",
            "completion/complete",
            "logging/setLevel",
            "server/discover",
            "notifications/cancelled",
            "no/such",
            "",
            "notifications/initialized",
            "resources/templates/list");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e400",
            "123456789012345678901234567890",
            "\"\"",
            "\"test_simple_text\"",
            "\"change\"",
            "\"../../etc/passwd\"",
            "\"\\u0000\\ud800\"",
            "[]",
            "[[[[]]]]",
            "{}",
            "{\"name\":{}}",
            "{\"type\":\"ref/prompt\",\"name\":\"x\"}",
            "\"2026-07-28\"",
            "\"2025-11-25\"",
            "\"v999\"",
            "1.5");

    private static final List<String> NAMES = List.of(
            "name",
            "arguments",
            "uri",
            "cursor",
            "ref",
            "argument",
            "level",
            "protocolVersion",
            "capabilities",
            "clientInfo",
            "requestState",
            "inputResponses",
            "notifications",
            "_meta",
            "requestId",
            "__proto__");

    private final AtomicInteger written = new AtomicInteger();

    @Test
    void noneOfThemFailsInsideLeaksOrRunsWhatItMayNot() throws IOException, InterruptedException {
        McpSettings settings = new McpSettings(List.of("ci/read:" + TOKEN), List.of(), List.of(), 64 * 1024, 0);
        List<String> wrong = new ArrayList<>();
        AtomicInteger answered = new AtomicInteger();
        try (Served server = new Served(Fixtures.catalog().and(writing()), settings)) {
            Random random = new Random(20260728);
            Semaphore slots = new Semaphore(AT_ONCE);
            for (int i = 0; i < REQUESTS; i++) {
                HttpRequest request = request(server.uri(), random);
                slots.acquire();
                Requests.CLIENT
                        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                        .whenComplete((answer, error) -> {
                            if (error == null) {
                                answered.incrementAndGet();
                                String complaint = complaint(answer);
                                if (!complaint.isEmpty()) {
                                    synchronized (wrong) {
                                        wrong.add(complaint);
                                    }
                                }
                            }
                            slots.release();
                        });
            }
            Await.until(() -> "all are answered", Duration.ofSeconds(30), () -> slots.availablePermits() == AT_ONCE);

            assertThat(wrong).isEmpty();
            assertThat(answered).hasValue(REQUESTS);
            assertThat(written).hasValue(0);
            Await.until("no answer is left open", () -> server.door.open() == 0);
            assertThat(Requests.send(Requests.modern(server.uri(), "server/discover", Map.of())
                                    .header("Authorization", "Bearer " + TOKEN))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private Catalog writing() {
        Tool tool = new Tool(
                "change", "change", "change", Map.of("type", "object"), Map.of(), Tool.Effect.DESTROYS, call -> {
                    written.incrementAndGet();
                    return CompletableFuture.completedFuture(ToolResult.of("changed", Map.of()));
                });
        return new Catalog(List.of(tool), List.of(), List.of(), List.of());
    }

    private static String complaint(HttpResponse<String> answer) {
        String body = answer.body();
        boolean fails = answer.statusCode() >= 500;
        boolean leaks = body.contains(TOKEN)
                || body.contains("dev.slackline")
                || body.contains("Exception")
                || body.contains("java.")
                || body.contains("jackson");
        return fails || leaks ? answer.statusCode() + " " + body : "";
    }

    private static HttpRequest request(URI uri, Random random) {
        HttpRequest.Builder request = Requests.post(uri, body(random));
        if (random.nextInt(20) > 0) {
            request.header("Authorization", random.nextInt(20) > 0 ? "Bearer " + TOKEN : "Basic " + TOKEN);
        }
        if (random.nextInt(3) == 0) {
            request.header("MCP-Protocol-Version", random.nextBoolean() ? "2026-07-28" : "x");
        }
        if (random.nextInt(3) == 0) {
            request.header("Mcp-Method", pick(random, METHODS));
            request.header("Mcp-Name", random.nextBoolean() ? "=?base64?!!!?=" : "change");
        }
        if (random.nextInt(4) == 0) {
            request.header("Mcp-Session-Id", random.nextBoolean() ? "none" : "../../x");
        }
        return request.build();
    }

    private static String body(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> "[".repeat(1 + random.nextInt(5000));
            case 1 -> "{\"a\":".repeat(1 + random.nextInt(2000)) + "1";
            case 2 -> pick(random, VALUES);
            case 3 -> "[" + message(random) + "," + message(random) + "]";
            case 4 -> message(random).substring(0, 16);
            default -> message(random);
        };
    }

    private static String message(Random random) {
        StringBuilder message =
                new StringBuilder("{\"jsonrpc\":").append(random.nextInt(20) == 0 ? pick(random, VALUES) : "\"2.0\"");
        if (random.nextInt(15) > 0) {
            message.append(",\"method\":")
                    .append(random.nextInt(15) == 0 ? pick(random, VALUES) : "\"" + pick(random, METHODS) + "\"");
        }
        if (random.nextInt(8) > 0) {
            message.append(",\"id\":").append(random.nextInt(4) == 0 ? pick(random, VALUES) : random.nextInt(1000));
        }
        if (random.nextInt(8) > 0) {
            message.append(",\"params\":").append(random.nextInt(8) == 0 ? pick(random, VALUES) : params(random));
        }
        return message.append('}').toString();
    }

    private static String params(Random random) {
        List<String> fields = new ArrayList<>();
        if (random.nextBoolean()) {
            fields.add("\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":"
                    + (random.nextInt(4) == 0 ? pick(random, VALUES) : "\"2026-07-28\"")
                    + ",\"io.modelcontextprotocol/clientCapabilities\":"
                    + (random.nextInt(4) == 0 ? pick(random, VALUES) : "{}") + "}");
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            fields.add("\"" + pick(random, NAMES) + "\":" + pick(random, VALUES));
        }
        return "{" + String.join(",", fields) + "}";
    }

    private static String pick(Random random, List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
