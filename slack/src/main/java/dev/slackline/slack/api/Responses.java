package dev.slackline.slack.api;

import dev.slackline.slack.api.SlackApiException.Outcome;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Tells what has become of a call from what came back. Stateless. */
final class Responses {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
    private static final Duration UNSAID = Duration.ofSeconds(30);
    private static final long MAX_SECONDS = Duration.ofDays(1).toSeconds();
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int OK = 200;

    private Responses() {}

    /**
     * The answer of a call that succeeded. HTTP 200 with {@code ok: false} is how Slack usually says no (rule 29).
     *
     * @throws SlackApiException if it did not succeed
     */
    static Map<String, Object> read(String method, HttpResponse<byte[]> response) {
        if (response.statusCode() == TOO_MANY_REQUESTS) {
            throw SlackApiException.answered(method, SlackApiException.RATE_LIMITED, "", "", retryAfter(response));
        }
        Map<String, Object> answer = parse(response.body());
        if (answer != null && Boolean.TRUE.equals(answer.get("ok")) && response.statusCode() == OK) {
            return answer;
        }
        if (answer != null && answer.get("error") instanceof String error && isCode(error)) {
            boolean limited = error.equals(SlackApiException.RATE_LIMITED) || error.equals("rate_limited");
            throw SlackApiException.answered(
                    method,
                    limited ? SlackApiException.RATE_LIMITED : error,
                    text(answer, "needed"),
                    text(answer, "provided"),
                    limited ? retryAfter(response) : null);
        }
        if (response.statusCode() != OK) {
            throw SlackApiException.answered(method, "http_" + response.statusCode(), "", "", null);
        }
        throw SlackApiException.failed(method, SlackApiException.BAD_ANSWER, Outcome.UNCLEAR, null);
    }

    /** What has become of a call that got no answer. */
    static SlackApiException failure(String method, Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof SlackApiException known) {
            return known;
        }
        boolean unsent = cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof SSLHandshakeException;
        return unsent
                ? SlackApiException.failed(method, SlackApiException.CONNECTION_FAILED, Outcome.UNSENT, cause)
                : SlackApiException.failed(method, SlackApiException.NO_ANSWER, Outcome.UNCLEAR, cause);
    }

    private static @Nullable Map<String, Object> parse(byte[] body) {
        try {
            return JSON.readValue(body, MAP);
        } catch (JacksonException e) {
            return null; // a proxy's page, most likely; its status is what can be told
        }
    }

    /** Nothing else goes into a message: it could be anything, a token even. */
    private static boolean isCode(String error) {
        return !error.isEmpty()
                && error.length() <= 100
                && error.chars().allMatch(c -> c == '_' || c == '-' || c == '.' || c == ':' || isAlphanumeric(c));
    }

    private static boolean isAlphanumeric(int c) {
        return c < 0x80 && Character.isLetterOrDigit(c);
    }

    private static String text(Map<String, Object> answer, String name) {
        return answer.get(name) instanceof String text ? text : "";
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        Optional<String> header = response.headers().firstValue("Retry-After").map(String::strip);
        return header.filter(text -> text.matches("[0-9]{1,9}"))
                .map(text -> Duration.ofSeconds(Math.min(MAX_SECONDS, Math.max(1, Long.parseLong(text)))))
                .orElse(UNSAID);
    }
}
