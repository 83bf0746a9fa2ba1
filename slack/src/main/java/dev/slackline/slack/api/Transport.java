package dev.slackline.slack.api;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends one request to Slack and reads the answer; never sends one twice. Thread-safe. */
final class Transport {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final URI url;
    private final Duration timeout;
    private final HttpClient http;

    Transport(URI url, Duration timeout) {
        this.url = url;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1) // a connection that breaks leaves one call unclear, not many
                .connectTimeout(timeout.compareTo(CONNECT_TIMEOUT) < 0 ? timeout : CONNECT_TIMEOUT)
                .build();
    }

    /** Fails with a {@link SlackApiException}. */
    CompletableFuture<Map<String, Object>> send(String method, @Nullable SlackToken token, Map<String, ?> arguments) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(method))
                .timeout(timeout)
                .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .header("User-Agent", "slackline")
                .POST(BodyPublishers.ofString(FormBody.of(arguments)));
        if (token != null) {
            request.header("Authorization", "Bearer " + token.value());
        }
        CompletableFuture<HttpResponse<byte[]>> response = http.sendAsync(request.build(), BodyHandlers.ofByteArray());
        return response.copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS) // the client's own ends with the head
                .whenComplete((answered, error) -> response.cancel(true))
                .handle((answered, error) -> {
                    if (error != null) {
                        throw Responses.failure(method, error);
                    }
                    return Responses.read(method, answered);
                });
    }
}
