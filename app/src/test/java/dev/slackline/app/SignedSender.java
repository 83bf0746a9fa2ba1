package dev.slackline.app;

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

/** Sends what Slack would send to a server under test. */
final class SignedSender {

    private final HttpClient client = HttpClient.newHttpClient();
    private final SlackSignature signature = new SlackSignature(List.of(SlacklineProcess.SECRET));

    /** Posts a signed event. Completes with the status, or with 0 when no answer came. */
    CompletableFuture<Integer> send(int port, String eventId, String text) {
        byte[] body = """
                {"type":"event_callback","team_id":"T1","event_id":"%s","event":{"type":"message","channel":"C1",\
                "text":"%s"}}""".formatted(eventId, text).getBytes(StandardCharsets.UTF_8);
        Instant now = Instant.now();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/slack/events"))
                .timeout(Duration.ofSeconds(10))
                .header("content-type", "application/json")
                .header(SlackSignature.TIMESTAMP_HEADER, Long.toString(now.getEpochSecond()))
                .header(SlackSignature.SIGNATURE_HEADER, signature.sign(now, body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode)
                .exceptionally(lost -> 0);
    }

    HttpResponse<String> get(int port, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
