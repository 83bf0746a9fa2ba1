package dev.slackline.app.demo;

import dev.slackline.slack.SlackSignature;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends events as Slack does: signed, and again up to three times when the answer is not 2xx. Slack waits nearly no
 * time, a minute and five minutes before these; here the waits are short.
 */
final class SimulatedSlack {

    private static final List<Duration> RETRIES =
            List.of(Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofMillis(1000));

    private final URI events;
    private final SlackSignature signature;
    private final SlackSignature forger = new SlackSignature(List.of("not-the-secret-of-this-app"));
    private final Ledger ledger;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger retries = new AtomicInteger();

    SimulatedSlack(URI server, String secret, Ledger ledger) {
        this.events = server.resolve("/slack/events");
        this.signature = new SlackSignature(List.of(secret));
        this.ledger = ledger;
    }

    /** How many requests were retries after an answer that was not 2xx. */
    int retries() {
        return retries.get();
    }

    /** The body of an event like a person's message in a channel. */
    static byte[] event(String id, int number) {
        String json = """
                {"token":"demo","team_id":"T0DEMO","api_app_id":"A0DEMO","type":"event_callback","event_id":"%s",\
                "event_time":%d,"event":{"type":"message","channel":"C0DEMO%d","user":"U0DEMO","text":"message %d",\
                "ts":"1700000000.%06d"}}""".formatted(id, 1_700_000_000 + number, number % 5, number, number);
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** Sends a genuine event, with retries as needed. Completes with whether it was taken in the end. */
    CompletableFuture<Boolean> send(String id, byte[] body) {
        ledger.sent(id);
        return attempt(id, body, 0);
    }

    /** Sends a genuine event once more, as when Slackline's answer was lost on its way. */
    CompletableFuture<Boolean> sendAgain(String id, byte[] body) {
        return attempt(id, body, 1);
    }

    /** Sends a body that somebody else signed. Completes with the status. */
    CompletableFuture<Integer> sendForged(byte[] body) {
        return forged(HttpRequest.newBuilder(events)
                .header(SlackSignature.TIMESTAMP_HEADER, seconds())
                .header(SlackSignature.SIGNATURE_HEADER, forger.sign(Instant.now(), body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    /** Sends a body that nobody signed. Completes with the status. */
    CompletableFuture<Integer> sendUnsigned(byte[] body) {
        return forged(HttpRequest.newBuilder(events).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private CompletableFuture<Boolean> attempt(String id, byte[] body, int retry) {
        HttpRequest.Builder request = signed(body);
        if (retry > 0) {
            request.header("x-slack-retry-num", Integer.toString(retry)).header("x-slack-retry-reason", "http_error");
        }
        return post(request).thenCompose(status -> {
            if (status == 200) {
                ledger.stored(id);
                return CompletableFuture.completedFuture(true);
            }
            if (retry == RETRIES.size()) {
                return CompletableFuture.completedFuture(false);
            }
            retries.incrementAndGet();
            Executor later =
                    CompletableFuture.delayedExecutor(RETRIES.get(retry).toMillis(), TimeUnit.MILLISECONDS);
            return CompletableFuture.supplyAsync(() -> retry + 1, later).thenCompose(next -> attempt(id, body, next));
        });
    }

    private CompletableFuture<Integer> forged(HttpRequest.Builder request) {
        return post(request).whenComplete((status, error) -> {
            if (error == null && status / 100 == 2) {
                ledger.forgeryTaken();
            }
        });
    }

    private HttpRequest.Builder signed(byte[] body) {
        Instant now = Instant.now();
        return HttpRequest.newBuilder(events)
                .header("content-type", "application/json")
                .header(SlackSignature.TIMESTAMP_HEADER, Long.toString(now.getEpochSecond()))
                .header(SlackSignature.SIGNATURE_HEADER, signature.sign(now, body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    private CompletableFuture<Integer> post(HttpRequest.Builder request) {
        return client.sendAsync(request.timeout(Duration.ofSeconds(3)).build(), HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode)
                .exceptionally(lost -> 0); // no answer: for Slack a failure like any other
    }

    private static String seconds() {
        return Long.toString(Instant.now().getEpochSecond());
    }
}
