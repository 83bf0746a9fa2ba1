package dev.slackline.queue.testkit.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A private Redis server on a free port, with its own data. It keeps an append-only file and syncs it before it answers
 * ({@code appendfsync always}), unless other directives say otherwise.
 */
public final class RedisBroker implements BrokerControl {

    private static final String PROGRAM = "redis-server";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path folder;
    private final Program server;
    private final int port = FreePorts.next();
    private final int tlsPort = FreePorts.next();
    private @Nullable OwnedProcess process;
    private @Nullable String version;

    private RedisBroker(Path folder, Program server) {
        this.folder = folder;
        this.server = server;
    }

    /**
     * Prepares one that is not started yet.
     *
     * @param folder where its data and log go; empty, and outlives it
     * @param directives lines that are added to its configuration: {@code maxmemory 8mb}
     * @throws org.opentest4j.TestAbortedException if Redis is not installed; an {@link IllegalStateException} where {@code
     *     REQUIRE_BROKERS} asks for it
     */
    public static RedisBroker in(Path folder, String... directives) {
        return in(folder, Optional.empty(), directives);
    }

    /** {@link #in(Path, String...)} that also listens with TLS, at {@link #tlsAddress()}, and shows these certificates. */
    public static RedisBroker in(Path folder, Certificates certificates, String... directives) {
        return in(folder, Optional.of(certificates), directives);
    }

    private static RedisBroker in(Path folder, Optional<Certificates> certificates, String... directives) {
        Program server = Program.find(PROGRAM)
                .orElseThrow(() -> MissingBroker.because("redis", "install the Debian package redis-server"));
        RedisBroker broker = new RedisBroker(folder.toAbsolutePath(), server);
        broker.configure(certificates, List.of(directives));
        return broker;
    }

    /** Whether it can be had on this machine. */
    public static boolean isInstalled() {
        return Program.find(PROGRAM).isPresent();
    }

    @Override
    public String version() {
        String known = version;
        if (known == null) { // Redis server v=7.0.15 sha=…
            String said = server.run(Map.of(), PATIENCE, List.of("--version"));
            known = "Redis " + said.replaceFirst("(?s).*v=(\\S+).*", "$1");
            version = known;
        }
        return known;
    }

    @Override
    public InetSocketAddress address() {
        return FreePorts.local(port);
    }

    /** Where it listens with TLS, if it was given certificates. */
    public InetSocketAddress tlsAddress() {
        return FreePorts.local(tlsPort);
    }

    @Override
    public void start() {
        if (isRunning()) {
            return;
        }
        OwnedProcess started = OwnedProcess.start(
                Map.of(),
                folder.resolve("server.log"),
                List.of(server.path().toString(), folder.resolve("redis.conf").toString()));
        process = started;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() - deadline >= 0) {
                started.close();
                throw failed("Redis did not start", started);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Override
    public void stop() {
        OwnedProcess running = process;
        if (running != null && running.isAlive()) {
            running.signal("CONT");
            running.signal("TERM");
            if (!running.endsWithin(PATIENCE)) {
                throw failed("Redis did not stop", running);
            }
        }
    }

    @Override
    public void kill9() {
        if (process != null) {
            process.kill9();
        }
    }

    @Override
    public void pause() {
        running().signal("STOP");
    }

    @Override
    public void unpause() {
        running().signal("CONT");
    }

    @Override
    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }

    private void configure(Optional<Certificates> certificates, List<String> directives) {
        List<String> lines = new ArrayList<>(List.of(
                "bind 127.0.0.1",
                "port " + port,
                "dir \"" + folder + "\"",
                "save \"\"",
                "appendonly yes",
                "appendfsync always",
                "maxmemory-policy noeviction"));
        certificates.ifPresent(shown -> lines.addAll(List.of(
                "tls-port " + tlsPort,
                "tls-ca-cert-file \"" + shown.authority() + "\"",
                "tls-cert-file \"" + shown.serverCertificate() + "\"",
                "tls-key-file \"" + shown.serverKey() + "\"",
                "tls-auth-clients no")));
        lines.addAll(directives);
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve("redis.conf"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException("the configuration of Redis cannot be written to " + folder, e);
        }
    }

    private OwnedProcess running() {
        OwnedProcess running = process;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException("Redis does not run");
        }
        return running;
    }

    /** Whether it answers, and has loaded its data: {@code +PONG}, or that it wants a password. */
    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(address(), 1000);
            socket.setSoTimeout(5000);
            OutputStream out = socket.getOutputStream();
            out.write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            byte[] start = in.readNBytes(5);
            String said = new String(start, StandardCharsets.US_ASCII);
            return said.equals("+PONG") || said.equals("-NOAU");
        } catch (IOException e) {
            return false;
        }
    }

    private static IllegalStateException failed(String what, OwnedProcess process) {
        return new IllegalStateException(what + "; its log ends with:\n" + process.lastWords());
    }
}
