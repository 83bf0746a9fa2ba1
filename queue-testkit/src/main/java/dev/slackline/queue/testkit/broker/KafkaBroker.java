package dev.slackline.queue.testkit.broker;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A private Kafka broker of one node, its own controller. It is no package but a program on the class path of this JVM:
 * {@code org.apache.kafka:kafka_2.13} must be there. Clients that show no name may do everything; those that come to
 * {@link #saslAddress()} are {@value #ADMIN}, who may do everything, or {@value #STRANGER}, who may do nothing; the
 * password is the name.
 */
public final class KafkaBroker implements BrokerControl {

    /** May do everything. */
    public static final String ADMIN = "admin";

    /** May do nothing. */
    public static final String STRANGER = "stranger";

    private static final String SERVER = "kafka.Kafka";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final byte[] WHICH_BROKERS = {0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, -1, -1, 0, 0, 0, 0};
    private static final byte[] WHO_COORDINATES = {0, 0, 0, 13, 0, 10, 0, 0, 0, 0, 0, 1, -1, -1, 0, 1, 'g'};
    private static final byte[] WHICH_GROUPS = {0, 0, 0, 10, 0, 16, 0, 0, 0, 0, 0, 1, -1, -1};

    private static final int NO_ERROR = 0;

    private final Path folder;
    private final int port = FreePorts.next();
    private final int tlsPort = FreePorts.next();
    private final int saslPort = FreePorts.next();
    private final int detourPort = FreePorts.next();
    private final int controllerPort = FreePorts.next();
    private final Map<String, String> listeners = new LinkedHashMap<>();
    private final Map<String, String> advertised = new LinkedHashMap<>();
    private final Map<String, String> protocols = new LinkedHashMap<>();
    private final Map<String, String> properties = new LinkedHashMap<>();
    private @Nullable OwnedProcess node;

    private KafkaBroker(Path folder) {
        this.folder = folder;
    }

    /**
     * Prepares one that is not started yet.
     *
     * @param folder where its data, configuration and log go; empty, and outlives it
     * @throws org.opentest4j.TestAbortedException if Kafka is not on the class path; an {@link IllegalStateException}
     *     where {@code REQUIRE_BROKERS} asks for it
     */
    public static KafkaBroker in(Path folder) {
        if (!isInstalled()) {
            throw MissingBroker.because("kafka", "put org.apache.kafka:kafka_2.13 on the class path of the tests");
        }
        KafkaBroker broker = new KafkaBroker(folder.toAbsolutePath());
        broker.listen("PLAINTEXT", "PLAINTEXT", broker.port, FreePorts.local(broker.port));
        broker.listen("SASL", "SASL_PLAINTEXT", broker.saslPort, FreePorts.local(broker.saslPort));
        broker.listen("CONTROLLER", "PLAINTEXT", broker.controllerPort, null);
        broker.configure();
        return broker;
    }

    /** Whether it can be had in this JVM. */
    public static boolean isInstalled() {
        return KafkaBroker.class.getClassLoader().getResource(SERVER.replace('.', '/') + ".class") != null;
    }

    /** Listens with TLS, too, at {@link #tlsAddress()}, and shows these certificates; before it is started. */
    public KafkaBroker with(Certificates certificates) {
        try {
            Path keys = folder.resolveSibling("kafka-server.pem");
            Files.writeString(
                    keys,
                    Files.readString(certificates.serverKey()) + Files.readString(certificates.serverCertificate()));
            listen("TLS", "SSL", tlsPort, InetSocketAddress.createUnresolved("localhost", tlsPort));
            properties.put("ssl.keystore.type", "PEM");
            properties.put("ssl.keystore.location", keys.toString());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Listens at {@link #detourAddress()}, too, and tells those who come there that it is to be found at another address:
     * Kafka's clients go where a broker says it is, and would else pass by any proxy. Before it is started.
     */
    public KafkaBroker behind(InetSocketAddress address) {
        listen("DETOUR", "PLAINTEXT", detourPort, address);
        return this;
    }

    /** Sets one of its properties; before it is started. */
    public KafkaBroker with(String property, String value) {
        properties.put(property, value);
        return this;
    }

    /**
     * Lets members of groups of KIP-848 be noticed as soon as in the classic protocol, which Kafka as it comes does not;
     * before it is started.
     */
    public KafkaBroker withQuickGroups() {
        noticeSoon("consumer");
        return this;
    }

    private void noticeSoon(String kind) {
        properties.put("group." + kind + ".min.session.timeout.ms", "1000");
        properties.put("group." + kind + ".min.heartbeat.interval.ms", "100");
        properties.put("group." + kind + ".assignment.interval.ms", "0");
    }

    @Override
    public String version() {
        String jar =
                String.valueOf(KafkaBroker.class.getClassLoader().getResource(SERVER.replace('.', '/') + ".class"));
        return "Kafka " + jar.replaceFirst(".*kafka_[0-9.]+-([^/!]+)\\.jar.*", "$1");
    }

    @Override
    public InetSocketAddress address() {
        return FreePorts.local(port);
    }

    /** Where it listens with TLS, if it was given certificates. */
    public InetSocketAddress tlsAddress() {
        return FreePorts.local(tlsPort);
    }

    /** Where it asks for a name and a password, by SASL PLAIN without TLS. */
    public InetSocketAddress saslAddress() {
        return FreePorts.local(saslPort);
    }

    /** Where it listens for those who shall take the way that {@link #behind} names. */
    public InetSocketAddress detourAddress() {
        return FreePorts.local(detourPort);
    }

    @Override
    public void start() {
        if (isRunning()) {
            return;
        }
        try {
            if (!Files.exists(folder.resolve("data"))) {
                format();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be used", e);
        }
        OwnedProcess started = OwnedProcess.start(
                Map.of(),
                folder.resolve("server.log"),
                command("512m", SERVER, configuration().toString()));
        node = started;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() - deadline >= 0) {
                started.close();
                throw failed("Kafka did not start", started);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    @Override
    public void stop() {
        OwnedProcess running = node;
        if (running != null && running.isAlive()) {
            running.signal("CONT");
            running.signal("TERM");
            if (!running.endsWithin(PATIENCE)) {
                throw failed("Kafka did not stop", running);
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

    @Override
    public void close() {
        kill9();
    }

    private void listen(String name, String protocol, int at, @Nullable InetSocketAddress shown) {
        listeners.put(name, name + "://127.0.0.1:" + at);
        if (shown != null) {
            advertised.put(name, name + "://" + shown.getHostString() + ":" + shown.getPort());
        }
        protocols.put(name, name + ":" + protocol);
    }

    private void configure() {
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        properties.put("inter.broker.listener.name", "PLAINTEXT");
        properties.put("log.dirs", folder.resolve("data").toString());
        properties.put("auto.create.topics.enable", "false");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("group.min.session.timeout.ms", "1000");
        noticeSoon("share");
        properties.put("group.share.min.record.lock.duration.ms", "1000");
        for (String internal : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            properties.put(internal + ".num.partitions", "1");
            properties.put(internal + ".replication.factor", "1");
            properties.put(internal + ".min.isr", "1");
        }
        properties.remove("offsets.topic.min.isr");
        properties.put("sasl.enabled.mechanisms", "PLAIN");
        properties.put(
                "listener.name.sasl.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_" + ADMIN + "=\"" + ADMIN
                        + "\" user_" + STRANGER + "=\"" + STRANGER + "\";");
        properties.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        properties.put("super.users", "User:ANONYMOUS;User:" + ADMIN);
    }

    private void format() throws IOException {
        properties.put("listeners", String.join(",", listeners.values()));
        properties.put("advertised.listeners", String.join(",", advertised.values()));
        properties.put("listener.security.protocol.map", String.join(",", protocols.values()));
        Files.createDirectories(folder);
        Files.writeString(
                configuration(),
                properties.entrySet().stream()
                        .map(property -> property.getKey() + "=" + property.getValue() + "\n")
                        .collect(Collectors.joining()));
        List<String> command = command(
                "128m",
                "kafka.tools.StorageTool",
                "format",
                "-t",
                "c2xhY2tsaW5lLXRlc3RzLQ",
                "-c",
                configuration().toString());
        new Program(Path.of(command.get(0))).run(Map.of(), PATIENCE, command.subList(1, command.size()));
    }

    private Path configuration() {
        return folder.resolve("server.properties");
    }

    private static List<String> command(String heap, String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(List.of(arguments));
        return command;
    }

    private OwnedProcess running() {
        OwnedProcess running = node;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException("Kafka does not run");
        }
        return running;
    }

    /**
     * Whether it knows itself as a broker that may be used, leads what it keeps of groups, and has read that: the port
     * alone is open some seconds earlier.
     */
    private boolean answers() {
        try {
            return ask(WHICH_BROKERS, Integer.BYTES) > 0
                    && ask(WHO_COORDINATES, Short.BYTES) == NO_ERROR
                    && ask(WHICH_GROUPS, Short.BYTES) == NO_ERROR;
        } catch (IOException e) {
            return false;
        }
    }

    /** The number of so many bytes that its answer begins with. */
    private int ask(byte[] question, int bytes) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address(), 1000);
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(question);
            DataInputStream answer = new DataInputStream(socket.getInputStream());
            answer.readLong(); // its size, and our number
            return new BigInteger(answer.readNBytes(bytes)).intValue();
        }
    }

    private static IllegalStateException failed(String what, OwnedProcess process) {
        return new IllegalStateException(what + "; its log ends with:\n" + process.lastWords());
    }
}
