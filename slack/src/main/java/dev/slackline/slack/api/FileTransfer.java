package dev.slackline.slack.api;

import dev.slackline.slack.api.SlackApiException.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Brings the content of files from Slack and to it: to nowhere else, whatever an address says. Thread-safe. */
final class FileTransfer {

    private static final String DOWNLOAD = "download";
    private static final String UPLOAD = "upload";
    private static final int OK = 200;

    private final URI api;
    private final Duration timeout;
    private final HttpClient http;

    FileTransfer(URI api, Duration timeout) {
        this.api = api;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER) // the token goes with it
                .build();
    }

    CompletableFuture<byte[]> download(String url, SlackToken token, long max) {
        HttpRequest request = HttpRequest.newBuilder(ofSlack(url))
                .timeout(timeout)
                .header("User-Agent", "slackline")
                .header("Authorization", "Bearer " + token.value())
                .build();
        return http.sendAsync(request, BodyHandlers.ofInputStream())
                .thenApplyAsync(response -> read(response, max))
                .handle((bytes, error) -> answer(DOWNLOAD, bytes, error));
    }

    CompletableFuture<Void> upload(String url, byte[] content) {
        HttpRequest request = HttpRequest.newBuilder(ofSlack(url))
                .timeout(timeout)
                .header("User-Agent", "slackline")
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(content))
                .build();
        return http.sendAsync(request, BodyHandlers.discarding()).handle((response, error) -> {
            HttpResponse<Void> answered = answer(UPLOAD, response, error);
            requireOk(UPLOAD, answered);
            return null;
        });
    }

    private URI ofSlack(String url) {
        URI address = URI.create(url);
        String host = String.valueOf(address.getHost());
        boolean sameServer = host.equals(api.getHost())
                && address.getPort() == api.getPort()
                && api.getScheme().equals(address.getScheme());
        boolean slack = "https".equals(address.getScheme()) && host.endsWith(".slack.com");
        if (!sameServer && !slack) {
            throw new IllegalArgumentException("the content of a file is at Slack or nowhere");
        }
        return address;
    }

    private static byte[] read(HttpResponse<InputStream> response, long max) {
        try (InputStream body = response.body()) {
            requireOk(DOWNLOAD, response);
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            byte[] part = new byte[8192];
            for (int n = body.read(part); n >= 0; n = body.read(part)) {
                content.write(part, 0, n);
                if (content.size() > max) {
                    throw SlackApiException.failed(DOWNLOAD, SlackApiException.TOO_LARGE, Outcome.REFUSED, null);
                }
            }
            return content.toByteArray();
        } catch (IOException e) {
            throw unanswered(DOWNLOAD, e);
        }
    }

    private static void requireOk(String what, HttpResponse<?> response) {
        if (response.statusCode() != OK) {
            throw SlackApiException.answered(what, "http_" + response.statusCode(), "", "", null);
        }
    }

    private static <T> T answer(String what, @Nullable T answer, @Nullable Throwable error) {
        if (answer == null) {
            throw unanswered(what, error == null ? new IOException("no answer") : error);
        }
        return answer;
    }

    private static SlackApiException unanswered(String what, Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause instanceof SlackApiException known
                ? known
                : SlackApiException.failed(what, SlackApiException.NO_ANSWER, Outcome.UNCLEAR, cause);
    }
}
