package dev.slackline.slack.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** An app's end over HTTP. */
final class AppServer implements AutoCloseable {

    /** A request as it came. */
    record Got(Map<String, String> headers, String body) {}

    /** What it answers; status 0 is no answer at all. */
    record Answer(int status, Map<String, String> headers, String body) {

        static Answer of(int status) {
            return new Answer(status, Map.of(), "");
        }

        static Answer text(String body) {
            return new Answer(200, Map.of(), body);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Got> requests = new LinkedBlockingQueue<>();
    private final Function<Got, Answer> behaviour;

    private AppServer(Function<Got, Answer> behaviour) throws IOException {
        this.behaviour = behaviour;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    static AppServer open(Function<Got, Answer> behaviour) throws IOException {
        return new AppServer(behaviour);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/slack/events");
    }

    Got next() throws InterruptedException {
        Got got = requests.poll(Client.BOUND.toSeconds(), TimeUnit.SECONDS);
        if (got == null) {
            throw new AssertionError("nothing came");
        }
        return got;
    }

    int waiting() {
        return requests.size();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
        Got got = new Got(headers, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        requests.add(got);
        Answer answer = behaviour.apply(got);
        if (answer.status == 0) {
            return; // and the client waits
        }
        answer.headers.forEach(exchange.getResponseHeaders()::set);
        byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
