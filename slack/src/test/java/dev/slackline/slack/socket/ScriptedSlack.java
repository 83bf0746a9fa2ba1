package dev.slackline.slack.socket;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The server side of Socket Mode on bare sockets, so that a test decides about every frame: what {@code
 * apps.connections.open} answers, when there is a hello, how a text is cut into parts, when nothing is answered any more.
 */
final class ScriptedSlack implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    final List<ScriptedLine> lines = new CopyOnWriteArrayList<>();
    final List<Map<String, String>> openRequests = new CopyOnWriteArrayList<>();
    /** Answers of {@code apps.connections.open}, whole; once they are used up an address is given. */
    final Deque<String> openAnswers = new ConcurrentLinkedDeque<>();

    volatile boolean greets = true;
    volatile int ghosts;
    volatile int lifetimeSeconds = 3600;

    private final AtomicInteger greeted = new AtomicInteger();
    private final AtomicInteger fewest = new AtomicInteger();
    private final ServerSocket server;

    private ScriptedSlack(ServerSocket server) {
        this.server = server;
    }

    static ScriptedSlack start() throws IOException {
        ScriptedSlack slack = new ScriptedSlack(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        daemon(slack::accept);
        return slack;
    }

    SocketSettings settings(int sockets) {
        URI api = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/api/");
        return new SocketSettings("xapp-1-secret", api, sockets, 0, 1 << 20);
    }

    /** A status line, headers and a JSON body, as one answer. */
    static String answer(String status, String headers, String json) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n" + headers + "Content-Length: "
                + json.length() + "\r\n\r\n" + json;
    }

    /** The connections that can be used: greeted, not closed, and not frozen. */
    List<ScriptedLine> open() {
        return lines.stream().filter(ScriptedLine::isUsable).toList();
    }

    /** Waits until so many connections can be used. */
    List<ScriptedLine> awaitOpen(int count) {
        await("connections: " + count, () -> open().size() == count);
        return open();
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** From now on the fewest usable connections are counted. */
    void watch() {
        fewest.set(greeted.get());
    }

    /** The fewest usable connections there were at any moment since {@link #watch()}. */
    int fewest() {
        return fewest.get();
    }

    int greetedNow(int change) {
        int now = greeted.addAndGet(change);
        fewest.accumulateAndGet(now, Math::min);
        return now;
    }

    @Override
    public void close() throws IOException {
        server.close();
        lines.forEach(ScriptedLine::reset);
    }

    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "scripted-slack");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                daemon(() -> serve(socket));
            } catch (IOException e) {
                return; // it ends
            }
        }
    }

    private void serve(Socket socket) {
        try {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (Deque<String> head = head(in); !head.isEmpty(); head = head(in)) {
                String request = head.remove();
                Map<String, String> headers = headers(head);
                headers.put("request", request);
                if (request.startsWith("POST /api/apps.connections.open ")) {
                    in.skipNBytes(Long.parseLong(headers.getOrDefault("content-length", "0")));
                    openRequests.add(headers);
                    write(socket, nextAnswer());
                } else {
                    upgrade(socket, in, headers);
                    return;
                }
            }
            socket.close();
        } catch (IOException | UncheckedIOException e) {
            // the client has gone
        }
    }

    private String nextAnswer() {
        String scripted = openAnswers.poll();
        String url = "ws://127.0.0.1:" + server.getLocalPort() + "/link/?ticket=secret";
        return scripted == null ? answer("200 OK", "", "{\"ok\":true,\"url\":\"" + url + "\"}") : scripted;
    }

    private void upgrade(Socket socket, InputStream in, Map<String, String> headers) throws IOException {
        String key = headers.get("sec-websocket-key") + WEBSOCKET_GUID;
        write(
                socket,
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + sha1(key) + "\r\n\r\n");
        boolean greeting = greets; // whoever sees the line may change that for the next
        ScriptedLine line = new ScriptedLine(this, socket);
        lines.add(line);
        if (greeting) {
            line.greet();
        }
        line.read(in);
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static Deque<String> head(InputStream in) throws IOException {
        Deque<String> lines = new ArrayDeque<>();
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                if (line.isEmpty()) {
                    return lines;
                }
                lines.add(line.toString());
                line.setLength(0);
            } else if (c != '\r') {
                line.append((char) c);
            }
        }
        return new ArrayDeque<>();
    }

    private static Map<String, String> headers(Deque<String> lines) {
        Map<String, String> headers = new HashMap<>();
        lines.forEach(line -> {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        });
        return headers;
    }

    private static String sha1(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
