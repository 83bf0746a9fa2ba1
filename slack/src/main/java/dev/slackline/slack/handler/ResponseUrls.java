package dev.slackline.slack.handler;

import dev.slackline.queue.Payload;
import dev.slackline.queue.RetryLaterException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Answers over {@code response_url}s, and counts how often each was used: five times within thirty minutes (rule 16). What
 * other processes have used is not known here; then Slack itself refuses. Thread-safe.
 */
final class ResponseUrls {

    static final int USES = 5;
    static final Duration LIFE = Duration.ofMinutes(30);
    private static final int REMEMBERED = 10_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final Map<String, Integer> uses = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > REMEMBERED;
        }
    };

    ResponseUrls(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Sends one answer.
     *
     * @param since when Slack gave the address
     * @throws ResponseUrlException if it takes nothing more
     * @throws IOException if Slack could not be reached or had a failure of its own
     */
    void respond(String url, Instant since, Map<String, ?> content) throws IOException, InterruptedException {
        if (Duration.between(since, clock.instant()).compareTo(LIFE) > 0) {
            throw new ResponseUrlException(
                    "the response_url has expired: Slack takes answers for 30 minutes, and this one" + " came at "
                            + since + "; post to the channel instead");
        }
        use(url);
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .timeout(TIMEOUT)
                            .header("content-type", "application/json; charset=utf-8")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(
                                    Payload.of(content).bytes()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            check(response);
        } catch (ConnectException e) {
            giveBack(url);
            throw e;
        }
    }

    private static void check(HttpResponse<String> response) throws IOException {
        int status = response.statusCode();
        if (status == 429) {
            String seconds = response.headers().firstValue("retry-after").orElse("1");
            throw new RetryLaterException(
                    Duration.ofSeconds(seconds.matches("\\d{1,5}") ? Long.parseLong(seconds) : 1),
                    "Slack wants fewer answers over the response_url");
        }
        if (status >= 500) {
            throw new IOException("Slack answered " + status + " to an answer over the response_url");
        }
        if (status >= 300) {
            throw new ResponseUrlException("Slack refused an answer over the response_url with status " + status
                    + ": it was used five times, 30 minutes are over, or the answer is malformed");
        }
    }

    private void use(String url) {
        synchronized (uses) {
            if (uses.getOrDefault(url, 0) >= USES) {
                throw new ResponseUrlException(
                        "the response_url was used five times, more Slack does not take; post to the channel instead");
            }
            uses.merge(url, 1, Integer::sum);
        }
    }

    private void giveBack(String url) {
        synchronized (uses) {
            uses.merge(url, -1, Integer::sum);
        }
    }
}
