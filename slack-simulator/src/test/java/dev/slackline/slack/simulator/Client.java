package dev.slackline.slack.simulator;

import dev.slackline.slack.simulator.state.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Calls the Web API as any client would. */
final class Client {

    static final Duration BOUND = Duration.ofSeconds(20);

    private final HttpClient http = HttpClient.newHttpClient();
    private final SlackSimulator slack;
    private final String token;

    Client(SlackSimulator slack, String token) {
        this.slack = slack;
        this.token = token;
    }

    /** The answer to a call with a form. */
    JsonNode form(String method, Map<String, String> arguments) {
        return Json.parse(send(method, arguments).body());
    }

    /** The answer to a call with JSON. */
    JsonNode json(String method, String body) {
        return Json.parse(send(request(method)
                        .header("Content-Type", "application/json; charset=utf-8")
                        .POST(HttpRequest.BodyPublishers.ofString(body)))
                .body());
    }

    HttpResponse<String> send(String method, Map<String, String> arguments) {
        String form = arguments.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(request(method)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return http.sendAsync(request.timeout(BOUND).build(), HttpResponse.BodyHandlers.ofString())
                .join();
    }

    HttpResponse<String> post(String url, String body) {
        return send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String method) {
        HttpRequest.Builder request = HttpRequest.newBuilder(slack.apiUrl().resolve(method));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }
}
