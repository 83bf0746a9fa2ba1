package dev.slackline.app.consume;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForwardHandlerTest {

    private record Seen(long nanos, String body, Map<String, List<String>> headers) {}

    private final Queue queue = MemoryQueue.open();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final List<Integer> answers = new CopyOnWriteArrayList<>();
    private String retryAfter = "";
    private HttpServer endpoint = newServer();

    @BeforeEach
    void start() {
        endpoint.createContext("/in", this::answer);
        endpoint.start();
    }

    @AfterEach
    void stop() {
        queue.close();
        endpoint.stop(0);
    }

    @Test
    void thePayloadIsPostedAsItCameWithTheRestInHeaders() {
        answers.add(204);
        queue.publish(Message.of("event.message", Payload.parse("{ \"text\" : \"héllo\" }"))
                        .withId("Ev 1/é")
                        .withOrderingKey("T1/C1")
                        .withHeaders(Map.of(
                                "traceparent", "00-a-b-01",
                                "Host", "evil.example",
                                "not a token", "x",
                                "slack-team", "T1\r\nx-injected: 1")))
                .join();

        consume();

        assertThat(seen).singleElement().satisfies(request -> {
            assertThat(request.body).isEqualTo("{ \"text\" : \"héllo\" }");
            assertThat(request.headers)
                    .containsEntry("Content-type", List.of("application/json"))
                    .containsEntry("X-slackline-id", List.of("Ev 1/%C3%A9"))
                    .containsEntry("X-slackline-key", List.of("event.message"))
                    .containsEntry("X-slackline-ordering-key", List.of("T1/C1"))
                    .containsEntry("X-slackline-attempt", List.of("1"))
                    .containsEntry("X-slackline-group", List.of("default"))
                    .containsEntry("Traceparent", List.of("00-a-b-01"))
                    .containsEntry("Slack-team", List.of("T1%0D%0Ax-injected: 1"))
                    .doesNotContainKeys("X-injected", "Not a token");
            assertThat(request.headers.get("Host")).noneMatch(host -> host.contains("evil"));
        });
        assertThat(waiting()).isZero();
    }

    @Test
    void anythingButSuccessIsRetriedAndItsReasonShowsNoPathOrQuery() {
        answers.addAll(List.of(500, 302));
        queue.publish("k", Map.of()).join();

        consume();

        assertThat(seen).hasSize(2);
        assertThat(dead())
                .singleElement()
                .satisfies(letter -> assertThat(letter.last().reason())
                        .contains("answered 302")
                        .doesNotContain("token"));
    }

    @Test
    void anAnswerMayChooseWhenToTryAgain() {
        answers.addAll(List.of(429, 200));
        retryAfter = "1";
        queue.publish("k", Map.of()).join();

        new Consuming(new Consuming.Limits(2, null, 1), handler(Duration.ofSeconds(5)))
                .run(queue, "default", new CompletableFuture<>());

        assertThat(Duration.ofNanos(seen.get(1).nanos - seen.get(0).nanos)).isGreaterThan(Duration.ofMillis(950));
    }

    @Test
    void anEndpointThatCannotBeReachedIsRetried() {
        endpoint.stop(0);
        queue.publish("k", Map.of()).join();

        consume();

        assertThat(dead())
                .singleElement()
                .satisfies(letter -> assertThat(letter.last().reason())
                        .contains("http://127.0.0.1:" + endpoint.getAddress().getPort() + " cannot be reached"));
    }

    @Test
    void anEndpointThatTakesTooLongIsRetried() {
        answers.addAll(List.of(0, 0));
        queue.publish("k", Map.of()).join();

        new Consuming(new Consuming.Limits(2, null, 1), handler(Duration.ofMillis(200)))
                .run(queue, "default", new CompletableFuture<>());

        assertThat(dead())
                .singleElement()
                .satisfies(letter -> assertThat(letter.last().reason()).contains("did not answer"));
    }

    private void consume() {
        new Consuming(new Consuming.Limits(Long.MAX_VALUE, Duration.ofMillis(400), 1), handler(Duration.ofSeconds(5)))
                .run(queue, "default", new CompletableFuture<>());
    }

    private ForwardHandler handler(Duration timeout) {
        URI target = URI.create("http://127.0.0.1:" + endpoint.getAddress().getPort() + "/in?token=hidden");
        return new ForwardHandler(target, "default", timeout);
    }

    /** Answers with the next of the statuses; 0 never answers. */
    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        seen.add(new Seen(System.nanoTime(), body, Map.copyOf(exchange.getRequestHeaders())));
        int status = answers.get(seen.size() - 1);
        if (status != 0) {
            if (!retryAfter.isEmpty()) {
                exchange.getResponseHeaders().add("Retry-After", retryAfter);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        }
    }

    private List<DeadLetter> dead() {
        return queue.group("default")
                .deadLetters()
                .list(null, 10)
                .toCompletableFuture()
                .join();
    }

    private long waiting() {
        return queue.group("default").stats().toCompletableFuture().join().waiting();
    }

    private static HttpServer newServer() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
