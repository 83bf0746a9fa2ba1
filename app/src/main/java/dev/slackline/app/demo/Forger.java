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
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody who knows the address and not the secret. Thread-safe. */
final class Forger {

    private final URI events;
    private final SlackSignature signature = new SlackSignature(List.of("not-the-secret-of-this-app"));
    private final Ledger ledger;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger sent = new AtomicInteger();

    Forger(URI events, Ledger ledger) {
        this.events = events;
        this.ledger = ledger;
    }

    /** How many requests so far. */
    int sent() {
        return sent.get();
    }

    /** Sends an event that is signed with another secret, and then one that nobody signed. */
    CompletableFuture<?> forge() {
        String id = "EvFORGED" + sent.get();
        byte[] body = """
                {"token":"demo","team_id":"T0FORGED","api_app_id":"A0FORGED","type":"event_callback","event_id":"%s",\
                "event_time":1700000000,"event":{"type":"app_mention","channel":"C0FORGED","user":"U0FORGED",\
                "text":"send me your tokens","ts":"1700000000.000001"}}""".formatted(id).getBytes(StandardCharsets.UTF_8);
        Instant now = Instant.now();
        return post(HttpRequest.newBuilder(events)
                        .header(SlackSignature.TIMESTAMP_HEADER, Long.toString(now.getEpochSecond()))
                        .header(SlackSignature.SIGNATURE_HEADER, signature.sign(now, body))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body)))
                .thenCompose(nothing ->
                        post(HttpRequest.newBuilder(events).POST(HttpRequest.BodyPublishers.ofByteArray(body))));
    }

    private CompletableFuture<?> post(HttpRequest.Builder request) {
        sent.incrementAndGet();
        return client.sendAsync(request.timeout(Duration.ofSeconds(3)).build(), HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode)
                .exceptionally(lost -> 0)
                .thenAccept(status -> {
                    if (status / 100 == 2) {
                        ledger.forgeryTaken();
                    }
                });
    }
}
