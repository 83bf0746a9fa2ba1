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

/** A private PgBouncer in transaction mode before a {@link PostgresBroker}, for the same user without a password. */
public final class PgBouncer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int port = FreePorts.next();
    private final OwnedProcess process;

    private PgBouncer(Path folder, InetSocketAddress server, int serverConnections) {
        Program program = Program.find("pgbouncer", "/usr/sbin")
                .orElseThrow(() -> MissingBroker.because("pgbouncer", "install the Debian package pgbouncer"));
        Account account = Account.unlessRoot("postgres");
        try {
            Files.createDirectories(folder);
            Path file = Files.writeString(folder.resolve("pgbouncer.ini"), configuration(server, serverConnections));
            account.own(folder);
            process = OwnedProcess.start(
                    Map.of(),
                    folder.resolve("pgbouncer.log"),
                    account.running(List.of(program.path().toString(), file.toString())));
        } catch (IOException e) {
            throw new UncheckedIOException("PgBouncer cannot be prepared in " + folder, e);
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() - deadline >= 0) {
                process.close();
                throw new IllegalStateException("PgBouncer did not start; its log ends with:\n" + process.lastWords());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /**
     * Starts one.
     *
     * @param folder where its configuration and log go
     * @param serverConnections how many connections to the server its clients share
     * @throws org.opentest4j.TestAbortedException if PgBouncer is not installed; an {@link IllegalStateException} where
     *     {@code REQUIRE_BROKERS} asks for it
     */
    public static PgBouncer before(PostgresBroker server, Path folder, int serverConnections) {
        return new PgBouncer(folder.toAbsolutePath(), server.address(), serverConnections);
    }

    /** Where clients find it. */
    public InetSocketAddress address() {
        return FreePorts.local(port);
    }

    @Override
    public void close() {
        process.close();
    }

    private String configuration(InetSocketAddress server, int serverConnections) {
        return """
                [databases]
                postgres = host=127.0.0.1 port=%d dbname=postgres user=%s password=%s
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = %d
                ignore_startup_parameters = extra_float_digits
                """.formatted(server.getPort(), PostgresBroker.USER, PostgresBroker.USER, port, serverConnections);
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(address(), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
