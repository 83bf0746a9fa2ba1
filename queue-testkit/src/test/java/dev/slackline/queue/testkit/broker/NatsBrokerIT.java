package dev.slackline.queue.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NatsBrokerIT {

    private static final String STREAM =
            "{\"name\":\"kept\",\"subjects\":[\"k\"],\"storage\":\"file\",\"retention\":\"limits\"}";
    private static final String MAKE =
            "PUB $JS.API.STREAM.CREATE.kept answers %d\r\n%s\r\n".formatted(STREAM.length(), STREAM);
    private static final String ASK = "PUB $JS.API.STREAM.INFO.kept answers 0\r\n\r\n";

    @TempDir
    static Path folder;

    private static NatsBroker broker;

    @BeforeAll
    static void startABroker() {
        broker = NatsBroker.in(folder);
        broker.start();
    }

    @AfterAll
    static void leaveNothingBehind() {
        if (broker != null) { // null where NATS is not installed
            broker.close();
            assertThat(broker.isRunning()).isFalse();
        }
    }

    @Test
    void itKeepsItsDataOverAKillAndAStop() throws IOException {
        assertThat(answer(MAKE)).contains("\"name\":\"kept\"");
        broker.kill9();
        assertThat(broker.isRunning()).isFalse();
        assertThatThrownBy(() -> connect().close()).isInstanceOf(IOException.class);

        broker.start();
        assertThat(answer(ASK)).contains("\"name\":\"kept\"");

        broker.restart();
        assertThat(answer(ASK)).contains("\"name\":\"kept\"");
        assertThat(broker.version()).matches("NATS \\d+\\.\\d+.*");
    }

    @Test
    void whilePausedItTakesConnectionsAndDoesNotAnswer() throws IOException {
        broker.pause();
        try (Socket socket = connect()) {
            socket.setSoTimeout(300);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            broker.unpause();
            socket.setSoTimeout(15_000);
            assertThat(socket.getInputStream().read()).isEqualTo('I');
        }
    }

    private static Socket connect() throws IOException {
        return new Socket(broker.address().getAddress(), broker.address().getPort());
    }

    private static String answer(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(15_000);
            socket.getOutputStream()
                    .write("CONNECT {\"verbose\":false,\"user\":\"%s\",\"pass\":\"%s\"}\r\nSUB answers 1\r\n%s"
                            .formatted(NatsBroker.USER, NatsBroker.USER, request)
                            .getBytes(StandardCharsets.UTF_8));
            BufferedReader said =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String line = said.readLine();
            while (!line.startsWith("MSG answers")) {
                line = said.readLine();
            }
            return said.readLine();
        }
    }
}
