package dev.slackline.queue.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.testkit.Await;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RabbitMqBrokerIT {

    @TempDir
    static Path folder;

    private static Certificates certificates;
    private static RabbitMqBroker broker;

    @BeforeAll
    static void startABroker() {
        certificates = Certificates.in(folder);
        broker = RabbitMqBroker.in(folder.resolve("broker"), certificates);
        broker.start();
    }

    @AfterAll
    static void leaveNothingBehind() {
        if (broker != null) {
            broker.close();
            assertThat(broker.isRunning()).isFalse();
        }
    }

    @Test
    void itKeepsItsDataOverAKillAndAStop() {
        broker.control("eval", declare("kept"));
        broker.kill9();
        assertThat(broker.isRunning()).isFalse();
        assertThatThrownBy(() -> new Socket(
                                broker.address().getAddress(), broker.address().getPort())
                        .close())
                .isInstanceOf(IOException.class);

        broker.start();
        assertThat(broker.control("list_queues", "name")).contains("kept");

        broker.restart();
        assertThat(broker.control("list_queues", "name")).contains("kept");
        assertThat(broker.version()).matches("RabbitMQ \\d+\\.\\d+.*");
    }

    @Test
    void whilePausedItTakesConnectionsAndDoesNotAnswer() throws IOException {
        broker.pause();
        try (Socket socket =
                new Socket(broker.address().getAddress(), broker.address().getPort())) {
            socket.setSoTimeout(300);
            socket.getOutputStream().write(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});

            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            broker.unpause();
            socket.setSoTimeout(15_000);
            assertThat(socket.getInputStream().read()).isEqualTo(1);
        }
    }

    @Test
    void itShowsACertificateForLocalhostOfItsAuthority() throws Exception {
        try (SSLSocket socket = connect("localhost", certificates.authority())) {
            socket.startHandshake();
            assertThat(socket.getSession().isValid()).isTrue();
        }
        try (SSLSocket socket = connect("127.0.0.1", certificates.authority())) {
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
        }
        try (SSLSocket socket = connect("localhost", certificates.stranger())) {
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void whatRunsForAJvmDiesWithIt() {
        OwnedProcess child = OwnedProcess.start(
                Map.of(),
                folder.resolve("child.log"),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OwnerMain.class.getName(),
                        folder.toString()));
        Await.until("the other JVM owns a process", () -> child.lastWords().contains("OWNED "));
        long owned = Long.parseLong(
                child.lastWords().lines().reduce((a, b) -> b).orElseThrow().substring(6));
        assertThat(ProcessHandle.of(owned)).isPresent();

        child.kill9();

        Await.until(
                "what it owned is dead",
                () -> ProcessHandle.of(owned)
                        .flatMap(handle -> handle.info().command())
                        .isEmpty());
    }

    /** In the first seconds of a node's life its own declarations are at times not on the disk yet when it says so. */
    private static String declare(String queue) {
        return "rabbit_amqqueue:declare({resource, <<\"/\">>, queue, <<\"" + queue
                + "\">>}, true, false, [], none, <<\"test\">>), mnesia:sync_log().";
    }

    private static SSLSocket connect(String host, Path trusted) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = new FileInputStream(trusted.toFile())) {
            store.setCertificateEntry(
                    "trusted", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(host, broker.tlsAddress().getPort());
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }
}
