package dev.slackline.slack.handler;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.api.SlackApiSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that notes what it is called with and answers as it is told. */
final class ApiServer implements AutoCloseable {

    final List<String> calls = new CopyOnWriteArrayList<>();
    final SlackApi api;
    volatile String answer = "{\"ok\":true,\"channel\":\"C1\",\"ts\":\"9.9\"}";
    volatile int status = 200;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    ApiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        api = SlackApi.open(new SlackApiSettings(
                URI.create(url("api/")), "xoxb-1", "", Duration.ofSeconds(30), Duration.ofSeconds(60), 100));
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + path;
    }

    @Override
    public void close() {
        api.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        calls.add(exchange.getRequestURI().getPath().replaceFirst("^/(api/)?", "") + " "
                + (body.startsWith("{") ? body : URLDecoder.decode(body, StandardCharsets.UTF_8)));
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
