package dev.slackline.app.consume;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.RetryLaterException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Posts each payload, as it came, to an HTTP endpoint. The message's headers go along under their own names, its other
 * parts as {@code x-slackline-id}, {@code -key}, {@code -ordering-key}, {@code -attempt} and {@code -group}; bytes that a
 * header must not hold are percent-encoded. 2xx acknowledges; anything else has the message retried, after the delay of
 * {@code Retry-After} where the answer names one. Redirects are not followed.
 */
public final class ForwardHandler implements Consuming.Handler {

    /** Headers that belong to HTTP itself or that its client sets. */
    private static final Set<String> NOT_FORWARDED = Set.of(
            "connection", "content-length", "content-type", "expect", "host", "upgrade", "transfer-encoding", "te");

    private static final Duration MAX_RETRY_AFTER = Duration.ofHours(1);

    private final URI endpoint;
    private final String group;
    private final Duration timeout;
    private final HttpClient client;

    /**
     * Takes where to post.
     *
     * @param timeout how long one request may take
     */
    public ForwardHandler(URI endpoint, String group, Duration timeout) {
        this.endpoint = endpoint;
        this.group = group;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    @Override
    public void handle(Delivery delivery) throws InterruptedException {
        HttpResponse<Void> answer;
        try {
            answer = client.send(request(delivery), HttpResponse.BodyHandlers.discarding());
        } catch (HttpTimeoutException e) {
            throw failed("did not answer within " + timeout.toSeconds() + " s", Duration.ZERO);
        } catch (IOException e) {
            throw failed("cannot be reached (" + e.getClass().getSimpleName() + ")", Duration.ZERO);
        }
        if (answer.statusCode() / 100 != 2) {
            throw failed("answered " + answer.statusCode(), retryAfter(answer));
        }
    }

    private HttpRequest request(Delivery delivery) {
        Message message = delivery.message();
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .timeout(timeout)
                .POST(HttpRequest.BodyPublishers.ofByteArray(message.payload().bytes()));
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            if (isForwarded(header.getKey())) {
                request.setHeader(header.getKey(), encoded(header.getValue()));
            }
        }
        request.setHeader("content-type", "application/json");
        request.setHeader("x-slackline-id", encoded(message.id()));
        request.setHeader("x-slackline-key", encoded(message.key()));
        request.setHeader("x-slackline-attempt", Integer.toString(delivery.attempt()));
        request.setHeader("x-slackline-group", group);
        String orderingKey = message.orderingKey();
        if (orderingKey != null) {
            request.setHeader("x-slackline-ordering-key", encoded(orderingKey));
        }
        return request.build();
    }

    private static boolean isForwarded(String name) {
        return name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+") && !NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT));
    }

    private static String encoded(String text) {
        StringBuilder result = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b < ' ' || b == 0x7f || b == '%') {
                result.append(String.format("%%%02X", b));
            } else {
                result.append((char) b);
            }
        }
        return result.toString();
    }

    private static Duration retryAfter(HttpResponse<Void> answer) {
        String seconds = answer.headers().firstValue("retry-after").orElse("");
        if (!seconds.matches("\\d{1,9}")) {
            return Duration.ZERO;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(seconds));
        return asked.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : asked;
    }

    /** Names host and port of the endpoint alone: the rest may hold a secret. */
    private RetryLaterException failed(String what, Duration delay) {
        String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
        return new RetryLaterException(delay, endpoint.getScheme() + "://" + endpoint.getHost() + port + " " + what);
    }
}
