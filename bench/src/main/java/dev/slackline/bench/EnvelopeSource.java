package dev.slackline.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * The server side of Socket Mode on bare sockets, for one client: it sends envelopes as fast as they are acknowledged.
 * Costs as little as it can, since it shares the machine.
 */
final class EnvelopeSource implements AutoCloseable {

    private static final String WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final long PATIENCE_SECONDS = 60;

    private final ServerSocket server;
    private final Envelopes envelopes;
    private final List<EnvelopeLine> lines = new CopyOnWriteArrayList<>();
    private final AtomicInteger usable = new AtomicInteger();

    private EnvelopeSource(ServerSocket server, Envelopes envelopes) {
        this.server = server;
        this.envelopes = envelopes;
    }

    /** Listens, and sends at most so many envelopes before the first of them is acknowledged. */
    static EnvelopeSource start(int inFlight) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        EnvelopeSource source = new EnvelopeSource(server, new Envelopes(inFlight));
        daemon(source::accept);
        return source;
    }

    String apiUrl() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/api/";
    }

    /** How many envelopes were acknowledged, over all runs. */
    long acknowledged() {
        return envelopes.acknowledged();
    }

    /** How many were more than once. */
    long acknowledgedTwice() {
        return envelopes.acknowledgedTwice();
    }

    void awaitConnections(int count) throws InterruptedException, TimeoutException {
        await("connections", () -> open().size() == count);
    }

    /** Sends over every connection for a while; counts what was acknowledged. */
    Measured run(double seconds) throws InterruptedException, TimeoutException {
        envelopes.begin();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        List<Thread> senders =
                open().stream().map(line -> daemon(() -> line.sendUntil(end))).toList();
        for (Thread sender : senders) {
            sender.join();
        }
        await("the last acknowledgements", envelopes::areAllAcknowledged);
        return envelopes.measured((System.nanoTime() - start) / 1e9);
    }

    void changed(int change) {
        usable.addAndGet(change);
    }

    @Override
    public void close() throws IOException {
        server.close();
        lines.forEach(EnvelopeLine::reset);
    }

    private List<EnvelopeLine> open() {
        return lines.stream().filter(EnvelopeLine::isUsable).toList();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("waited in vain for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "envelope-source");
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
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                if (!head.startsWith("POST ")) {
                    upgrade(socket, in, head);
                    return;
                }
                in.skipNBytes(Long.parseLong("0" + field(head, "content-length")));
                answer(socket, head.contains("apps.connections.open"));
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    private void answer(Socket socket, boolean opens) throws IOException {
        String url = "\"url\":\"ws://127.0.0.1:" + server.getLocalPort() + "/link/?ticket=1\"";
        String json = opens
                ? "{\"ok\":true," + url + "}"
                : "{\"ok\":true,\"user_id\":\"U1\",\"bot_id\":\"B1\",\"team_id\":\"T1\",\"app_id\":\"A1\"}";
        write(
                socket,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + json.length() + "\r\n\r\n"
                        + json);
    }

    private void upgrade(Socket socket, InputStream in, String head) throws IOException {
        write(
                socket,
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + sha1(field(head, "sec-websocket-key") + WEBSOCKET_GUID) + "\r\n\r\n");
        EnvelopeLine line = new EnvelopeLine(this, envelopes, socket);
        line.greet(usable.get() + 1);
        changed(1);
        lines.add(line);
        line.read(in);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            head.append((char) c);
            if (c == '\n' && head.toString().endsWith("\r\n\r\n")) {
                return head.toString();
            }
        }
        return "";
    }

    private static String field(String head, String name) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
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
