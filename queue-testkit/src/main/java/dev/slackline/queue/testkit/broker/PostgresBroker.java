package dev.slackline.queue.testkit.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A private PostgreSQL server with the superuser {@value #USER}, whose password is the same, and the database {@code
 * postgres}. Runs as the account {@code postgres} where the tests are root, as it refuses to be that. Syncs, as a server
 * that is meant to keep things does.
 */
public final class PostgresBroker implements BrokerControl {

    /** Name and password of its one user. */
    public static final String USER = "slackline";

    private static final Path PLACES = Path.of("/usr/lib/postgresql");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path folder;
    private final Path programs;
    private final Account account = Account.unlessRoot("postgres");
    private final int port = FreePorts.next();
    private final List<String> options = new ArrayList<>();
    private @Nullable OwnedProcess server;

    private PostgresBroker(Path folder, Path programs) {
        this.folder = folder;
        this.programs = programs;
    }

    /**
     * Prepares one that is not started yet.
     *
     * @param folder where its data goes; empty, and outlives it
     * @throws org.opentest4j.TestAbortedException if PostgreSQL is not installed; an {@link IllegalStateException} where
     *     {@code REQUIRE_BROKERS} asks for it
     */
    public static PostgresBroker in(Path folder) {
        return in(folder, Optional.empty());
    }

    /** {@link #in(Path)} that also speaks TLS, at the same address, and shows these certificates. */
    public static PostgresBroker in(Path folder, Certificates certificates) {
        return in(folder, Optional.of(certificates));
    }

    private static PostgresBroker in(Path folder, Optional<Certificates> certificates) {
        Path programs = programs()
                .orElseThrow(() -> MissingBroker.because("postgres", "install the Debian package postgresql"));
        PostgresBroker broker = new PostgresBroker(folder.toAbsolutePath(), programs);
        broker.prepare(certificates);
        return broker;
    }

    /** Whether it can be had on this machine. */
    public static boolean isInstalled() {
        return programs().isPresent();
    }

    /** The folder with the newest programs: Debian keeps those of each version in one of its own. */
    private static Optional<Path> programs() {
        try (Stream<Path> versions = Files.isDirectory(PLACES) ? Files.list(PLACES) : Stream.empty()) {
            Optional<Path> newest = versions.filter(version -> Files.isExecutable(version.resolve("bin/initdb")))
                    .max(Comparator.comparing(PostgresBroker::number))
                    .map(version -> version.resolve("bin"));
            return newest.or(() -> Program.find("initdb")
                    .map(program -> program.path().toAbsolutePath().getParent()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Double number(Path version) {
        try {
            return Double.valueOf(String.valueOf(version.getFileName()));
        } catch (NumberFormatException e) {
            return 0.0;
        }
    }

    /** Sets a parameter of the server, {@code fsync=off}, from its next start on. */
    public PostgresBroker with(String parameter) {
        options.addAll(List.of("-c", parameter));
        return this;
    }

    @Override
    public String version() {
        String said = new Program(programs.resolve("postgres")).run(Map.of(), PATIENCE, List.of("--version"));
        return "PostgreSQL " + said.replaceAll("(?s).*?(\\d+(\\.\\d+)*).*", "$1");
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
        List<String> command =
                new ArrayList<>(List.of(programs.resolve("postgres").toString(), "-D", data().toString()));
        command.addAll(options);
        OwnedProcess started = OwnedProcess.start(Map.of(), folder.resolve("server.log"), account.running(command));
        server = started;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() - deadline >= 0) {
                kill9();
                throw failed("PostgreSQL did not start", started);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Ends it as {@code pg_ctl stop} does: sessions are ended, what they have begun is rolled back. */
    @Override
    public void stop() {
        OwnedProcess running = server;
        if (running != null && running.isAlive()) {
            signal("CONT");
            running.signal("INT");
            if (!running.endsWithin(PATIENCE)) {
                throw failed("PostgreSQL did not stop", running);
            }
        }
    }

    @Override
    public void kill9() {
        OwnedProcess running = server;
        if (running != null && running.isAlive()) {
            running.signal("STOP"); // so that no session is begun that would be overlooked
            List<ProcessHandle> sessions = sessions();
            running.kill9();
            sessions.forEach(ProcessHandle::destroyForcibly);
            awaitGone(sessions);
        }
    }

    @Override
    public void pause() {
        signal("STOP");
    }

    @Override
    public void unpause() {
        signal("CONT");
    }

    @Override
    public boolean isRunning() {
        return server != null && server.isAlive();
    }

    @Override
    public void close() {
        kill9();
    }

    /** To the server first, then to its sessions: each of them has a process group of its own. */
    private void signal(String name) {
        OwnedProcess running = server;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException("PostgreSQL does not run");
        }
        running.signal(name);
        for (ProcessHandle session : sessions()) {
            new Program(Path.of("/bin/sh"))
                    .run(Map.of(), PATIENCE, List.of("-c", "kill -" + name + " " + session.pid() + " || true"));
        }
    }

    private List<ProcessHandle> sessions() {
        return server == null
                ? List.of()
                : ProcessHandle.of(server.group()).stream()
                        .flatMap(ProcessHandle::descendants)
                        .toList();
    }

    private static void awaitGone(List<ProcessHandle> sessions) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (sessions.stream().anyMatch(ProcessHandle::isAlive)) {
            if (System.nanoTime() - deadline >= 0) {
                throw new IllegalStateException("sessions of PostgreSQL cannot be killed");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private void prepare(Optional<Certificates> certificates) {
        try {
            Files.createDirectories(folder);
            Path password = Files.writeString(folder.resolve("password"), USER);
            Files.createDirectory(data());
            account.own(folder);
            account.run(
                    programs.resolve("initdb"),
                    List.of(
                            "-D",
                            data().toString(),
                            "-U",
                            USER,
                            "--pwfile=" + password,
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale=C",
                            "--no-sync"));
            Files.writeString(data().resolve("postgresql.auto.conf"), configuration());
            if (certificates.isPresent()) {
                secure(certificates.get());
            }
            account.own(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL cannot be prepared in " + folder, e);
        }
    }

    private String configuration() {
        return """
                listen_addresses = '127.0.0.1'
                port = %d
                unix_socket_directories = ''
                shared_buffers = '64MB'
                """.formatted(port);
    }

    private void secure(Certificates certificates) throws IOException {
        Path key = Files.copy(certificates.serverKey(), data().resolve("server.key"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.copy(certificates.serverCertificate(), data().resolve("server.crt"));
        with("ssl=on");
    }

    private Path data() {
        return folder.resolve("data");
    }

    private boolean answers() {
        try {
            new Program(programs.resolve("pg_isready"))
                    .run(
                            Map.of(),
                            PATIENCE,
                            List.of(
                                    "-q",
                                    "-h",
                                    "127.0.0.1",
                                    "-p",
                                    Integer.toString(port),
                                    "-U",
                                    USER,
                                    "-d",
                                    "postgres"));
            return true;
        } catch (IllegalStateException notYet) {
            return false;
        }
    }

    private static IllegalStateException failed(String what, OwnedProcess process) {
        return new IllegalStateException(what + "; its log ends with:\n" + process.lastWords());
    }
}
