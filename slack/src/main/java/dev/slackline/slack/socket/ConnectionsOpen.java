package dev.slackline.slack.socket;

import dev.slackline.queue.Payload;
import dev.slackline.queue.SerializationException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Slack's {@code apps.connections.open}: an address that is good for one connection (Slack rule 19). Thread-safe. */
final class ConnectionsOpen {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(10);

    private final HttpClient client;
    private final HttpRequest request;
    private final boolean secure;

    ConnectionsOpen(HttpClient client, SocketSettings settings) {
        this.client = client;
        this.secure = "https".equals(settings.apiUrl().getScheme());
        this.request = HttpRequest.newBuilder(settings.apiUrl().resolve("apps.connections.open"))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + settings.appToken())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
    }

    /** Asks for one. Fails with an {@link OpenFailure} when Slack refuses, within five seconds when it is silent. */
    CompletableFuture<URI> address() {
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(this::read);
    }

    private URI read(HttpResponse<byte[]> response) {
        Duration retryAfter = retryAfter(response);
        if (response.statusCode() == TOO_MANY_REQUESTS) {
            throw OpenFailure.refused("ratelimited", retryAfter);
        }
        Map<String, Object> answer;
        try {
            answer = Payload.parse(response.body()).asMap();
        } catch (SerializationException e) {
            throw new OpenFailure(
                    "apps.connections.open was answered with status " + response.statusCode(), false, retryAfter);
        }
        if (Boolean.TRUE.equals(answer.get("ok")) && answer.get("url") instanceof String url) {
            return checked(url);
        }
        throw OpenFailure.refused(String.valueOf(answer.get("error")), retryAfter);
    }

    private URI checked(String url) {
        try {
            URI address = URI.create(url);
            if ("wss".equals(address.getScheme()) || (!secure && "ws".equals(address.getScheme()))) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // said below; the text may hold a ticket
        }
        throw new OpenFailure("apps.connections.open gave an address that cannot be used");
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        try {
            long seconds = response.headers().firstValueAsLong("Retry-After").orElse(0);
            return Duration.ofSeconds(Math.max(0, Math.min(LONGEST_RETRY_AFTER.toSeconds(), seconds)));
        } catch (NumberFormatException e) {
            return Duration.ZERO;
        }
    }
}
