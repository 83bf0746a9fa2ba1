package dev.slackline.slack.simulator;

import dev.slackline.slack.simulator.state.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An app's end of Socket Mode, which does by itself nothing but answer pings. */
final class AppSocket implements WebSocket.Listener, AutoCloseable {

    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();
    final CompletableFuture<String> ended = new CompletableFuture<>();
    final CompletableFuture<Void> ponged = new CompletableFuture<>();
    private final WebSocket socket;

    private AppSocket(HttpClient client, String url) {
        socket = client.newWebSocketBuilder().buildAsync(URI.create(url), this).join();
    }

    static AppSocket open(SlackSimulator slack) {
        return connect(address(slack));
    }

    static AppSocket connect(String url) {
        return new AppSocket(HttpClient.newHttpClient(), url);
    }

    static String address(SlackSimulator slack) {
        return Json.text(new Client(slack, slack.appToken()).form("apps.connections.open", Map.of()), "url");
    }

    JsonNode next() throws InterruptedException {
        JsonNode message = received.poll(Client.BOUND.toSeconds(), TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing came");
        }
        return message;
    }

    boolean isQuiet() {
        return received.isEmpty();
    }

    void acknowledge(JsonNode envelope) {
        send("{\"envelope_id\":\"" + Json.text(envelope, "envelope_id") + "\"}");
    }

    void acknowledge(JsonNode envelope, String payload) {
        send("{\"envelope_id\":\"" + Json.text(envelope, "envelope_id") + "\",\"payload\":" + payload + "}");
    }

    void ping() {
        socket.sendPing(ByteBuffer.wrap(new byte[] {1})).join();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            received.add(Json.parse(part.toString()));
            part.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
        ponged.complete(null);
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        ended.complete("closed " + status);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        ended.complete("failed");
    }

    @Override
    public void close() {
        socket.abort();
    }

    private void send(String text) {
        socket.sendText(text, true).join();
    }
}
