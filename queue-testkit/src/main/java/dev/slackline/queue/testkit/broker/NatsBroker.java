package dev.slackline.queue.testkit.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A private NATS server with JetStream: its own data and port. Its users, with their names for passwords: {@link #USER},
 * {@link #STRANGER} and {@link #WITHOUT_JETSTREAM}. Messages may have 16 MB.
 */
public final class NatsBroker implements BrokerControl {

    /** Who may everything. */
    public static final String USER = "slackline";

    /** Who may nothing. */
    public static final String STRANGER = "stranger";

    /** Whose account has no JetStream. */
    public static final String WITHOUT_JETSTREAM = "poor";

    private static final String PLACE = "/usr/sbin"; // not always on the PATH
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path folder;
    private final Program server;
    private final int port = FreePorts.next();
    private @Nullable OwnedProcess process;
    private @Nullable String version;

    private NatsBroker(Path folder, Program server) {
        this.folder = folder;
        this.server = server;
    }

    /**
     * Prepares one that is not started yet.
     *
     * @param folder where its data and log go; empty, and outlives it
     * @throws org.opentest4j.TestAbortedException if NATS is not installed; an {@link IllegalStateException} where {@code
     *     REQUIRE_BROKERS} asks for it
     */
    public static NatsBroker in(Path folder) {
        return in(folder, accounts(""), "");
    }

    /** {@link #in(Path)} that speaks TLS alone, and shows these certificates. */
    public static NatsBroker in(Path folder, Certificates certificates) {
        return in(
                folder,
                accounts(""),
                "tls { cert_file: \"%s\", key_file: \"%s\", timeout: 5 }\n"
                        .formatted(certificates.serverCertificate(), certificates.serverKey()));
    }

    /** {@link #in(Path)} with more users in the account of {@link #USER}, in the language of its configuration. */
    public static NatsBroker in(Path folder, String users) {
        return in(folder, accounts(users), "");
    }

    /** {@link #in(Path)} that knows its users by this part of its configuration instead. */
    public static NatsBroker knowing(Path folder, String identities) {
        return in(folder, identities, "");
    }

    private static NatsBroker in(Path folder, String identities, String tls) {
        NatsBroker broker = new NatsBroker(
                folder.toAbsolutePath(),
                Program.find("nats-server", PLACE)
                        .orElseThrow(() -> MissingBroker.because("nats", "install the Debian package nats-server")));
        broker.configure(identities + tls);
        return broker;
    }

    /** Whether it can be had on this machine. */
    public static boolean isInstalled() {
        return Program.find("nats-server", PLACE).isPresent();
    }

    @Override
    public String version() {
        String known = version;
        if (known == null) {
            known = "NATS "
                    + server.run(Map.of(), PATIENCE, List.of("--version"))
                            .strip()
                            .replaceFirst(".* v?", "");
            version = known;
        }
        return known;
    }

    @Override
    public InetSocketAddress address() {
        return FreePorts.local(port);
    }

    @Override
    public void start() {
        if (isRunning()) {
            return;
        }
        OwnedProcess started = OwnedProcess.start(
                Map.of(),
                folder.resolve("server.log"),
                List.of(
                        server.path().toString(),
                        "-c",
                        folder.resolve("nats.conf").toString()));
        process = started;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!greets()) {
            if (!started.isAlive() || System.nanoTime() - deadline >= 0) {
                started.close();
                throw failed("NATS did not start", started);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Override
    public void stop() {
        if (process != null && process.isAlive()) {
            process.signal("CONT");
            process.signal("TERM");
            if (!process.endsWithin(PATIENCE)) {
                throw failed("NATS did not stop", process);
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

    private void configure(String identities) {
        String plain = """
                server_name: "slackline-%d"
                listen: "127.0.0.1:%d"
                max_payload: 16777216
                jetstream { store_dir: "%s", max_memory_store: 67108864, max_file_store: 8589934592 }
                """.formatted(port, port, folder.resolve("data"));
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("nats.conf"), plain + identities);
        } catch (IOException e) {
            throw new UncheckedIOException("the configuration of NATS cannot be written to " + folder, e);
        }
    }

    private static String accounts(String users) {
        return """
                accounts {
                  FULL {
                    jetstream: enabled
                    users: [
                      { user: "%s", password: "%s" }
                      { user: "%s", password: "%s", permissions: { publish: "nothing", subscribe: "nothing" } }
                      %s
                    ]
                  }
                  POOR { users: [ { user: "%s", password: "%s" } ] }
                }
                """.formatted(USER, USER, STRANGER, STRANGER, users, WITHOUT_JETSTREAM, WITHOUT_JETSTREAM);
    }

    private OwnedProcess running() {
        OwnedProcess running = process;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException("NATS does not run");
        }
        return running;
    }

    /** It greets clients once JetStream has read its data. */
    private boolean greets() {
        try (Socket socket = new Socket()) {
            socket.connect(address(), 1000);
            socket.setSoTimeout(5000);
            return socket.getInputStream().read() == 'I'; // INFO
        } catch (IOException e) {
            return false;
        }
    }

    private static IllegalStateException failed(String what, OwnedProcess process) {
        return new IllegalStateException(what + "; its log ends with:\n" + process.lastWords());
    }
}
