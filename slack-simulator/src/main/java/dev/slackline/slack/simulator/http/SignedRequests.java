package dev.slackline.slack.simulator.http;

import dev.slackline.slack.simulator.delivery.Attempt;
import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.delivery.Way;
import dev.slackline.slack.simulator.state.App;
import dev.slackline.slack.simulator.state.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.StringNode;

/**
 * Sends as Slack does over HTTP: signed, with three seconds for the answer, through at most two redirects. Thread-safe.
 */
public final class SignedRequests implements Way {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int MAX_REDIRECTS = 2;

    private final URI target;
    private final App app;
    private final Signature signature;
    private final InstantSource clock;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Sends to one URL, events, commands and interactions alike. */
    public SignedRequests(URI target, App app, InstantSource clock) {
        this.target = target;
        this.app = app;
        this.signature = new Signature(app.signingSecret());
        this.clock = clock;
    }

    @Override
    public CompletableFuture<Attempt> send(Occurrence occurrence, int retry, @Nullable String reason) {
        Attempt pending = Attempt.pending(retry, reason, target.toString(), "", clock.instant());
        int place = occurrence.began(pending);
        return post(target, Body.of(occurrence), retry, reason, 0)
                .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, error) -> {
                    Attempt ended = error == null ? judge(pending, response) : failed(pending, error);
                    occurrence.ended(place, ended);
                    return ended;
                });
    }

    /** Sends an occurrence once more, as when the answer was lost. Completes with how it ended. */
    public CompletableFuture<Attempt> sendAgain(Occurrence occurrence) {
        return send(occurrence, 1, "http_timeout");
    }

    /** Asks whether the URL is the app's. Completes with whether it answered the challenge in time. */
    public CompletableFuture<Boolean> verifyUrl() {
        String challenge = UUID.randomUUID().toString();
        Body body = Body.json(Json.object()
                .put("token", app.verificationToken())
                .put("challenge", challenge)
                .put("type", "url_verification"));
        return post(target, body, 0, null, 0)
                .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, error) -> error == null
                        && isGood(response)
                        && (response.body().strip().equals(challenge)
                                || Json.text(parsed(response.body()), "challenge")
                                        .equals(challenge)));
    }

    /** Looks whether somebody answers there, as Slack does now and then. Completes with whether it was 200. */
    public CompletableFuture<Boolean> sslCheck() {
        Body body = Body.form(Json.object().put("ssl_check", "1").put("token", app.verificationToken()));
        return post(target, body, 0, null, 0)
                .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, error) -> error == null && isGood(response));
    }

    private CompletableFuture<HttpResponse<String>> post(
            URI url, Body body, int retry, @Nullable String reason, int redirects) {
        Instant now = clock.instant();
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("Content-Type", body.type())
                .header("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
                .header("X-Slack-Request-Timestamp", Long.toString(now.getEpochSecond()))
                .header("X-Slack-Signature", signature.of(now, body.bytes()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.bytes()));
        if (retry > 0) {
            request.header("x-slack-retry-num", Integer.toString(retry))
                    .header("x-slack-retry-reason", reason == null ? "unknown_error" : reason);
        }
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenCompose(response -> {
                    String location = response.headers().firstValue("Location").orElse("");
                    boolean redirect = response.statusCode() / 100 == 3 && !location.isEmpty();
                    return redirect && redirects < MAX_REDIRECTS
                            ? post(url.resolve(location), body, retry, reason, redirects + 1)
                            : CompletableFuture.completedFuture(response);
                });
    }

    private Attempt judge(Attempt pending, HttpResponse<String> response) {
        if (isGood(response)) {
            return pending.taken(clock.instant(), parsed(response.body()));
        }
        boolean last =
                response.headers().firstValue("x-slack-no-retry").orElse("").equals("1");
        String why = response.statusCode() / 100 == 3 ? "too_many_redirects" : "http_error";
        return pending.failed(clock.instant(), why, last);
    }

    private Attempt failed(Attempt pending, Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        String why = "unknown_error";
        if (cause instanceof HttpTimeoutException || cause instanceof java.util.concurrent.TimeoutException) {
            why = "http_timeout";
        } else if (cause instanceof SSLException) {
            why = "ssl_error";
        } else if (cause instanceof java.io.IOException) {
            why = "connection_failed";
        }
        return pending.failed(clock.instant(), why, false);
    }

    private static boolean isGood(HttpResponse<String> response) {
        return response.statusCode() / 100 == 2;
    }

    /** What an answer says: JSON if it is some, otherwise its text. */
    private static JsonNode parsed(String body) {
        if (body.isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            JsonNode parsed = Json.parse(body);
            return parsed.isObject() ? parsed : StringNode.valueOf(body);
        } catch (JacksonException e) {
            return StringNode.valueOf(body);
        }
    }
}
