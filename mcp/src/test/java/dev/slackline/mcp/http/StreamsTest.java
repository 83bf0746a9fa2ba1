package dev.slackline.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.Peer;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.conformance.Fixtures;
import dev.slackline.queue.testkit.Await;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What stays open for longer than one answer. */
class StreamsTest {

    private static final String WATCHED = "test://watched-resource";

    /** Reads a stream line by line in the background. */
    private static List<String> lines(CompletableFuture<HttpResponse<Stream<String>>> opening) {
        List<String> lines = new CopyOnWriteArrayList<>();
        opening.thenAcceptAsync(response -> {
                    try (Stream<String> body = response.body()) {
                        body.forEach(lines::add);
                    }
                    lines.add("the end");
                })
                .exceptionally(broken -> {
                    lines.add("broken");
                    return null;
                });
        return lines;
    }

    private static CompletableFuture<HttpResponse<Stream<String>>> open(HttpRequest.Builder request) {
        return Requests.CLIENT.sendAsync(
                request.timeout(Duration.ofMinutes(1)).build(), HttpResponse.BodyHandlers.ofLines());
    }

    private static void awaitLine(List<String> lines, String part) {
        Await.until(part + " in " + lines, () -> lines.stream().anyMatch(line -> line.contains(part)));
    }

    @Test
    void aListenerHearsOfWhatItAskedForUntilTheServerSaysGoodbye() {
        List<String> lines;
        try (Served server = new Served(Fixtures.catalog(), Served.OPEN)) {
            lines = lines(open(Requests.modern(
                    server.uri(),
                    "subscriptions/listen",
                    Map.of(
                            "notifications",
                            Map.of(
                                    "resourceSubscriptions",
                                    List.of(WATCHED, "test://none"),
                                    "toolsListChanged",
                                    true)))));
            awaitLine(lines, "notifications/subscriptions/acknowledged");
            Await.until("it is watched", () -> server.updates.watched().contains(WATCHED));
            server.updates.changed("test://static-text");
            server.updates.changed(WATCHED);
            awaitLine(lines, "notifications/resources/updated");
        }
        awaitLine(lines, "the end");

        List<String> data =
                lines.stream().filter(line -> line.startsWith("data: ")).toList();
        assertThat(data).hasSize(3);
        assertThat(data.get(0)).contains(WATCHED).doesNotContain("test://none", "toolsListChanged");
        assertThat(data.get(1)).contains(WATCHED, "\"io.modelcontextprotocol/subscriptionId\":1");
        assertThat(data.get(2)).contains("\"resultType\":\"complete\"", "\"id\":1");
    }

    @Test
    void aSessionHearsOfWhatItSubscribedTo() throws IOException, InterruptedException {
        try (Served server = new Served(Fixtures.catalog(), Served.OPEN)) {
            String session = Requests.session(server.uri());
            HttpRequest.Builder stream = HttpRequest.newBuilder(server.uri())
                    .header("Accept", "text/event-stream")
                    .header("Mcp-Session-Id", session);
            List<String> lines = lines(open(stream));
            awaitLine(lines, ":");
            HttpRequest.Builder subscribe = Requests.post(
                            server.uri(), Requests.body(1, "resources/subscribe", Map.of("uri", WATCHED)))
                    .header("Mcp-Session-Id", session);
            assertThat(Requests.send(subscribe).body()).contains("\"result\":{}");
            server.updates.changed(WATCHED);
            awaitLine(lines, "notifications/resources/updated");

            Requests.send(HttpRequest.newBuilder(server.uri()).DELETE().header("Mcp-Session-Id", session));

            assertThat(server.updates.watched()).isEmpty();
            assertThat(server.door.sessions()).isZero();
        }
    }

    @Test
    void aToolLearnsThatItsClientHasLeft() {
        AtomicReference<Peer> peer = new AtomicReference<>(Peer.NONE);
        Tool waiting = new Tool("wait", "wait", "wait", Map.of("type", "object"), Map.of(), Tool.Effect.READS, call -> {
            peer.set(call.peer());
            return new CompletableFuture<>();
        });
        Catalog catalog = new Catalog(List.of(waiting), List.of(), List.of(), List.of());
        try (Served server = new Served(catalog, Served.OPEN, Duration.ofSeconds(1))) {
            CompletableFuture<HttpResponse<Stream<String>>> call =
                    open(Requests.modern(server.uri(), "tools/call", Map.of("name", "wait")));
            Await.until("it is called", () -> peer.get() != Peer.NONE);
            List<String> lines = lines(call);
            awaitLine(lines, ":"); // it takes long, so its answer has become a stream
            CompletableFuture<Void> gone = peer.get().gone().toCompletableFuture();
            assertThat(gone).isNotDone();

            call.join().body().close();

            Await.until("it is told", gone::isDone);
            Await.until("nothing is left of it", () -> server.door.open() == 0);
        }
    }

    @Test
    void anAnswerThatTakesLongShowsSignsOfLifeAndArrives() throws IOException, InterruptedException {
        CompletableFuture<ToolResult> result = new CompletableFuture<>();
        Tool slow =
                new Tool("slow", "slow", "slow", Map.of("type", "object"), Map.of(), Tool.Effect.READS, call -> result);
        Catalog catalog = new Catalog(List.of(slow), List.of(), List.of(), List.of());
        try (Served server = new Served(catalog, Served.OPEN, Duration.ofSeconds(1))) {
            List<String> lines = lines(open(Requests.modern(server.uri(), "tools/call", Map.of("name", "slow"))));
            Await.until(
                    "three signs of life",
                    () -> lines.stream().filter(":"::equals).count() >= 4);

            result.complete(ToolResult.of("done after all", Map.of()));

            awaitLine(lines, "done after all");
            awaitLine(lines, "the end");
        }
    }

    @Test
    void everybodyIsLocalWhereNoTokenIsAsked() throws IOException, InterruptedException {
        AtomicReference<Caller> caller = new AtomicReference<>(new Caller("nobody"));
        Tool who = new Tool("who", "who", "who", Map.of("type", "object"), Map.of(), Tool.Effect.READS, call -> {
            caller.set(call.caller());
            return CompletableFuture.completedFuture(ToolResult.of("you", Map.of()));
        });
        Catalog catalog = new Catalog(List.of(who), List.of(), List.of(), List.of());
        try (Served server = new Served(catalog, Served.OPEN)) {
            Requests.send(Requests.modern(server.uri(), "tools/call", Map.of("name", "who")));

            assertThat(caller.get()).isEqualTo(Caller.LOCAL);
        }
    }
}
