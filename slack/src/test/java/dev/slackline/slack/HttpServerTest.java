package dev.slackline.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.config.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

class HttpServerTest {

    private static final Map<String, String> IMPATIENT = Map.of("HTTP_REQUEST_TIMEOUT", "400ms");
    /** Arrives whole or not at all, so it is never slow. */
    private static final String GET = "GET /slack/events HTTP/1.1\r\nHost: x\r\n\r\n";

    @Test
    void aHeadThatNeverEndsIsCutOff() throws Exception {
        try (Door door = Door.open(IMPATIENT);
                Socket slow = connect(door)) {
            write(slow, "POST /slack/events HTTP/1.1\r\nHost: x\r\n");
            assertCutOffWhileDripping(slow, "X-A: b\r\n");
        }
    }

    @Test
    void aRequestLineThatNeverEndsIsCutOff() throws Exception {
        try (Door door = Door.open(IMPATIENT);
                Socket slow = connect(door)) {
            assertCutOffWhileDripping(slow, "P");
        }
    }

    @Test
    void aBodyThatNeverEndsIsCutOff() throws Exception {
        try (Door door = Door.open(IMPATIENT);
                Socket slow = connect(door)) {
            write(slow, "POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
            assertCutOffWhileDripping(slow, "x");
            Eventually.holds(() -> door.count(IntakeAnswer.INCOMPLETE).get() == 1);
            try (Socket next = connect(door)) {
                write(next, GET);
                assertThat(readHead(next)).startsWith("HTTP/1.1 405");
            }
        }
    }

    @Test
    void aQuietConnectionBetweenRequestsIsNotSlow() throws Exception {
        try (Door door = Door.open(IMPATIENT);
                Socket socket = connect(door)) {
            write(socket, GET);
            assertThat(readHead(socket)).startsWith("HTTP/1.1 405");
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            write(socket, GET);
            assertThat(readHead(socket)).startsWith("HTTP/1.1 405");
        }
    }

    @Test
    void anIdleConnectionIsClosed() throws Exception {
        try (Door door = Door.open(Map.of("HTTP_IDLE_TIMEOUT", "200ms"));
                Socket idle = connect(door)) {
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aHeadOver16KiBIsRefused() throws Exception {
        try (Door door = Door.open();
                Socket socket = connect(door)) {
            write(socket, "POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Big: " + "a".repeat(17_000) + "\r\n\r\n");
            assertThat(readHead(socket)).startsWith("HTTP/1.1 431");
        }
    }

    @Test
    void aBodyOverTheLimitIsRefusedHoweverItComes() throws Exception {
        try (Door door = Door.open(Map.of("SLACK_MAX_BODY", "64KiB"))) {
            String fits = Samples.event("Ev1", "{\"type\":\"message\",\"text\":\"" + "x".repeat(65_000) + "\"}");
            assertThat(door.post(fits)).isEqualTo(200);
            assertThat(door.post("x".repeat(65_537))).isEqualTo(413);
            assertThat(door.post("x".repeat(3_000_000))).isEqualTo(413);
            try (Socket socket = connect(door)) {
                write(socket, "POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n");
                assertThat(readHead(socket)).startsWith("HTTP/1.1 413");
            }
            try (Socket socket = connect(door)) {
                write(socket, "POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
                String chunk = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
                write(socket, chunk + chunk + chunk + "0\r\n\r\n");
                assertThat(readHead(socket)).startsWith("HTTP/1.1 413");
            }
            try (Socket socket = connect(door)) {
                write(
                        socket,
                        "POST /slack/events HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 65537\r\n\r\n");
                assertThat(readHead(socket)).startsWith("HTTP/1.1 413");
            }
            assertThat(door.count(IntakeAnswer.TOO_LARGE)).hasValue(5);
        }
    }

    @Test
    void aChunkedEventInManyPiecesIsStored() throws Exception {
        try (Door door = Door.open();
                Socket socket = connect(door)) {
            byte[] body = Samples.MENTION.getBytes(StandardCharsets.UTF_8);
            write(
                    socket,
                    "POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nx-slack-signature: "
                            + door.slack.sign(Door.NOW, body) + "\r\nX-SLACK-REQUEST-TIMESTAMP: "
                            + Door.NOW.getEpochSecond() + "\r\n\r\n");
            for (byte b : body) {
                socket.getOutputStream().write(new byte[] {'1', '\r', '\n', b, '\r', '\n'});
            }
            write(socket, "0\r\n\r\n");
            assertThat(readHead(socket)).startsWith("HTTP/1.1 200");
            assertThat(door.onlyStored().payload().bytes()).isEqualTo(body);
        }
    }

    @Test
    void pipelinedEventsAreAnsweredInTurn() throws Exception {
        try (Door door = Door.open();
                Socket socket = connect(door)) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append(rawEvent(door, "Ev" + i));
            }
            write(socket, requests.toString());
            for (int i = 0; i < 50; i++) {
                assertThat(readHead(socket)).startsWith("HTTP/1.1 200").doesNotContain("Server:");
            }
            assertThat(door.stored()).hasSize(50);
        }
    }

    @Test
    void connectionsBeyondTheBoundWaitUntilOthersEnd() throws Exception {
        try (Door door = Door.open(Map.of("HTTP_MAX_CONNECTIONS", "4"))) {
            List<Socket> held = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Socket socket = connect(door);
                held.add(socket);
                write(socket, rawEvent(door, "Ev" + i));
                assertThat(readHead(socket)).startsWith("HTTP/1.1 200");
            }
            try (Socket fifth = connect(door)) {
                write(fifth, rawEvent(door, "Ev5"));
                fifth.setSoTimeout(300);
                assertThatThrownBy(() -> fifth.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
                for (Socket socket : held) {
                    socket.close();
                }
                fifth.setSoTimeout(30_000);
                assertThat(readHead(fifth)).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void aTakenPortIsAConfigurationProblem() {
        try (Door door = Door.open()) {
            HttpSettings taken =
                    new HttpSettings("127.0.0.1", door.server.port(), 10, Duration.ofSeconds(1), Duration.ofSeconds(1));
            assertThatThrownBy(() -> HttpServer.start(taken, List.of()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("HTTP_PORT")
                    .hasMessageContaining(Integer.toString(door.server.port()));
        }
    }

    @Test
    void aHandlerThatFailsShowsNothingOfItself() throws Exception {
        Handler broken = new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                throw new IllegalStateException("secret detail");
            }
        };
        HttpSettings any = new HttpSettings("127.0.0.1", 0, 10, Duration.ofSeconds(5), Duration.ofSeconds(5));
        try (HttpServer server = HttpServer.start(any, List.of(broken));
                Socket socket = connect(server.port())) {
            write(socket, "GET /script HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(all(socket)).startsWith("HTTP/1.1 500").doesNotContain("secret", "script", "Exception");
        }
    }

    @Test
    void closingTwiceIsHarmlessAndIdleConnectionsDoNotHoldItUp() throws Exception {
        try (Door door = Door.open();
                Socket idle = connect(door)) {
            write(idle, rawEvent(door, "Ev1"));
            assertThat(readHead(idle)).startsWith("HTTP/1.1 200");
            // whoever waits for an idle connection waits for ten minutes
            door.server.close(Duration.ofMinutes(10));
            door.server.close();
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
        }
    }

    static String rawEvent(Door door, String id) {
        String body = Samples.event(id, "{\"type\":\"message\"}");
        return "POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Slack-Signature: "
                + door.slack.sign(Door.NOW, body.getBytes(StandardCharsets.UTF_8))
                + "\r\nX-Slack-Request-Timestamp: " + Door.NOW.getEpochSecond() + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    /** Sends a little every 50 ms, which an idle timeout would put up with for ever. */
    private static void assertCutOffWhileDripping(Socket slow, String drop) {
        Eventually.holds(() -> {
            try {
                write(slow, drop);
                slow.setSoTimeout(50);
                return slow.getInputStream().read() < 0;
            } catch (SocketTimeoutException e) {
                return false;
            } catch (IOException e) {
                return true;
            }
        });
    }

    private static Socket connect(Door door) throws IOException {
        return connect(door.server.port());
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String all(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** The head of an answer; its body is left out when it has a length. */
    private static String readHead(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("the connection ended after: " + head);
            }
            head.append((char) next);
        }
        int at = head.indexOf("Content-Length: ");
        if (at >= 0) {
            int length = Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)));
            socket.getInputStream().readNBytes(length);
        }
        return head.toString();
    }
}
