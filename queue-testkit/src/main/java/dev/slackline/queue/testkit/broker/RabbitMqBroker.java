package dev.slackline.queue.testkit.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A private RabbitMQ node with the user {@code guest} and password {@code guest}: own name, data, cookie, ports and epmd,
 * so that it neither sees nor disturbs another one. Runs as any user, also as root.
 */
public final class RabbitMqBroker implements BrokerControl {

    /** Name and password of its one user. */
    public static final String USER = "guest";

    private static final String PLACE = "/usr/lib/rabbitmq/bin"; // those on the PATH insist on a user of their own
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Map<String, String> FILES = Map.of(
            "RABBITMQ_MNESIA_BASE", "data",
            "RABBITMQ_LOG_BASE", "log",
            "RABBITMQ_FEATURE_FLAGS_FILE", "feature_flags",
            "RABBITMQ_ENABLED_PLUGINS_FILE", "enabled_plugins",
            "RABBITMQ_CONFIG_FILE", "rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE", "none.config",
            "RABBITMQ_CONF_ENV_FILE", "none.env");
    /** It greets clients a moment before that, and its own tools only after it. */
    private static final String STARTED = "Starting broker... completed";

    private static final byte[] GREETING = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

    private final Path folder;
    private final Program server;
    private final Program control;
    private final Program epmd;
    private final int port = FreePorts.next();
    private final int tlsPort = FreePorts.next();
    private final int epmdPort = FreePorts.next();
    private final Map<String, String> environment = new HashMap<>();
    private @Nullable OwnedProcess portMapper;
    private @Nullable OwnedProcess node;
    private @Nullable String version;

    private RabbitMqBroker(Path folder, Program server, Program control, Program epmd) {
        this.folder = folder;
        this.server = server;
        this.control = control;
        this.epmd = epmd;
    }

    /**
     * Prepares one that is not started yet.
     *
     * @param folder where its data, logs and cookie go; empty, and outlives it
     * @throws org.opentest4j.TestAbortedException if RabbitMQ is not installed; an {@link IllegalStateException} where
     *     {@code REQUIRE_BROKERS} asks for it
     */
    public static RabbitMqBroker in(Path folder) {
        return in(folder, Optional.empty());
    }

    /** {@link #in(Path)} that also listens with TLS, at {@link #tlsAddress()}, and shows these certificates. */
    public static RabbitMqBroker in(Path folder, Certificates certificates) {
        return in(folder, Optional.of(certificates));
    }

    private static RabbitMqBroker in(Path folder, Optional<Certificates> certificates) {
        RabbitMqBroker broker = new RabbitMqBroker(
                folder.toAbsolutePath(), program("rabbitmq-server"), program("rabbitmqctl"), program("epmd"));
        broker.configure(certificates);
        return broker;
    }

    /** Whether it can be had on this machine. */
    public static boolean isInstalled() {
        return Program.find("rabbitmq-server", PLACE).isPresent();
    }

    private static Program program(String name) {
        return Program.find(name, PLACE)
                .orElseThrow(() -> MissingBroker.because("rabbitmq", "install the Debian package rabbitmq-server"));
    }

    @Override
    public String version() {
        String known = version;
        if (known == null) {
            known = "RabbitMQ " + control("version").strip();
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
        startPortMapper();
        OwnedProcess started = OwnedProcess.start(
                environment, folder.resolve("server.log"), List.of(server.path().toString()));
        node = started;
        await("RabbitMQ", started, () -> started.hasPrinted(STARTED) && answers());
    }

    /** One of its own: the one that a node starts by itself outlives that node, so nodes are told to start none. */
    private void startPortMapper() {
        if (portMapper != null && portMapper.isAlive()) {
            return;
        }
        OwnedProcess started = OwnedProcess.start(
                environment,
                folder.resolve("epmd.log"),
                List.of(epmd.path().toString(), "-port", Integer.toString(epmdPort), "-address", "127.0.0.1"));
        portMapper = started;
        await("epmd", started, () -> {
            try (Socket socket = new Socket()) {
                socket.connect(FreePorts.local(epmdPort), 1000);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Override
    public void stop() {
        if (node != null && node.isAlive()) {
            node.signal("CONT");
            node.signal("TERM");
            if (!node.endsWithin(PATIENCE)) {
                throw failed("RabbitMQ did not stop", node);
            }
        }
    }

    @Override
    public void kill9() {
        if (node != null) {
            node.kill9();
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
        return node != null && node.isAlive();
    }

    /** Runs {@code rabbitmqctl -q} with these arguments on the node and returns what it printed. Takes about a second. */
    public String control(String... arguments) {
        String[] quiet = new String[arguments.length + 1];
        quiet[0] = "-q";
        System.arraycopy(arguments, 0, quiet, 1, arguments.length);
        return control.run(environment, PATIENCE, List.of(quiet));
    }

    /** Makes the node close every connection it has, as its operator can. */
    public void closeConnections() {
        control("close_all_connections", "closed by a test");
    }

    @Override
    public void close() {
        if (node != null) {
            node.close();
        }
        if (portMapper != null) {
            portMapper.close();
        }
    }

    private void configure(Optional<Certificates> certificates) {
        try {
            Files.createDirectories(folder.resolve("home"));
            Files.writeString(folder.resolve("rabbitmq.conf"), configuration(certificates));
            Files.writeString(folder.resolve("enabled_plugins"), "[].\n");
        } catch (IOException e) {
            throw new UncheckedIOException("the configuration of RabbitMQ cannot be written to " + folder, e);
        }
        environment.put("HOME", folder.resolve("home").toString()); // the cookie is made there
        environment.put("ERL_EPMD_PORT", Integer.toString(epmdPort));
        environment.put("ERL_FLAGS", "-start_epmd false");
        environment.put(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+sbwt none +sbwtdcpu none +sbwtdio none"); // no busy waits
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        environment.put("RABBITMQ_NODENAME", "slackline-" + port + "@localhost");
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(FreePorts.next()));
        environment.put("RUNNING_UNDER_SYSTEMD", "1"); // then the script becomes the Erlang VM, and signals reach it
        FILES.forEach((name, file) -> environment.put(name, folder.resolve(file).toString()));
    }

    private String configuration(Optional<Certificates> certificates) {
        String plain = """
                listeners.tcp.1 = 127.0.0.1:%d
                vm_memory_high_watermark.absolute = 1GB
                disk_free_limit.absolute = 50MB
                raft.wal_max_size_bytes = 67108864
                log.console = false
                """.formatted(port);
        return plain
                + certificates
                        .map(shown ->
                                """
                                listeners.ssl.1 = 127.0.0.1:%d
                                ssl_options.cacertfile = %s
                                ssl_options.certfile = %s
                                ssl_options.keyfile = %s
                                ssl_options.verify = verify_none
                                """.formatted(tlsPort, shown.authority(), shown.serverCertificate(), shown.serverKey()))
                        .orElse("");
    }

    private OwnedProcess running() {
        OwnedProcess running = node;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException("RabbitMQ does not run");
        }
        return running;
    }

    private static void await(String what, OwnedProcess started, BooleanSupplier answers) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers.getAsBoolean()) {
            if (!started.isAlive() || System.nanoTime() - deadline >= 0) {
                started.close();
                throw failed(what + " did not start", started);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** Whether it greets a client: the port alone is open earlier than that. */
    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(address(), 1000);
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(GREETING);
            InputStream answer = socket.getInputStream();
            return answer.read() == 1; // the frame that starts a connection
        } catch (IOException e) {
            return false;
        }
    }

    private static IllegalStateException failed(String what, OwnedProcess process) {
        return new IllegalStateException(what + "; its log ends with:\n" + process.lastWords());
    }
}
