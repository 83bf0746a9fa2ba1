package dev.slackline.slack.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A server that answers calls as it is told, on a free port of this machine. */
public final class FakeSlack implements AutoCloseable {

    public static final Reply OK = new Reply(200, "{\"ok\":true}", Map.of());

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile Function<Call, @Nullable Reply> answers = call -> OK;

    public FakeSlack() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/api/", this::handle);
        server.start();
    }

    /** What was called; the time is that of {@link System#nanoTime()}. */
    public record Call(String method, Map<String, String> arguments, Map<String, String> headers, long nanos) {
        public String argument(String name) {
            return arguments.getOrDefault(name, "");
        }
    }

    public record Reply(int status, String body, Map<String, String> headers) {
        public static Reply error(String error) {
            return new Reply(200, "{\"ok\":false,\"error\":\"" + error + "\"}", Map.of());
        }

        public static Reply limited(Duration retryAfter) {
            return new Reply(
                    429,
                    "{\"ok\":false,\"error\":\"ratelimited\"}",
                    Map.of("Retry-After", Long.toString(retryAfter.toSeconds())));
        }
    }

    /** Answers with what this returns; null cuts the connection. */
    public void answer(Function<Call, @Nullable Reply> newAnswers) {
        answers = newAnswers;
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

    public List<Call> calls(String method) {
        return calls.stream().filter(call -> call.method().equals(method)).toList();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/");
    }

    public SlackApiSettings settings() {
        return new SlackApiSettings(
                url(), "xoxb-bot", "xoxp-user", Duration.ofSeconds(30), Duration.ofMinutes(5), 1_000);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Call call = new Call(
                exchange.getRequestURI().getPath().substring("/api/".length()),
                form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)),
                headers(exchange),
                System.nanoTime());
        calls.add(call);
        Reply reply = answers.apply(call);
        if (reply == null) {
            exchange.close();
            return;
        }
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static Map<String, String> headers(HttpExchange exchange) {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
        return headers;
    }

    private static Map<String, String> form(String body) {
        Map<String, String> fields = new HashMap<>();
        for (String part : body.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                fields.put(
                        URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return fields;
    }
}
