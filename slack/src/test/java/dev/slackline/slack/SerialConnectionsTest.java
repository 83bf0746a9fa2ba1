package dev.slackline.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.slack.SerialConnections.SerialConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A request that cannot be parsed, to a Jetty without any handler. */
class SerialConnectionsTest {

    private static final HttpConfiguration CONFIGURATION = new HttpConfiguration();

    /** When this fails, Jetty no longer does it, and {@link SerialConnections} can go. */
    @Test
    void jettyLetsTwoThreadsWorkOnOneConnection() throws Exception {
        Threads threads = new Threads(Duration.ofSeconds(20)); // it ends when the second comes
        sendGarbage((connector, endPoint) -> new HttpConnection(CONFIGURATION, connector, endPoint) {
            @Override
            public EndPoint getEndPoint() {
                threads.pass(getParser());
                return super.getEndPoint();
            }
        });
        assertThat(threads.second.getCount())
                .as("threads that did not come in, of the second")
                .isZero();
    }

    @Test
    void oursLetsInOne() throws Exception {
        Threads threads = new Threads(Duration.ofSeconds(2));
        sendGarbage((connector, endPoint) -> new SerialConnection(CONFIGURATION, connector, endPoint) {
            @Override
            public EndPoint getEndPoint() {
                threads.pass(getParser());
                return super.getEndPoint();
            }
        });
        assertThat(threads.first.get()).as("the one that was held up").isNotNull();
        assertThat(threads.second.getCount())
                .as("threads that did not come in, of the second")
                .isEqualTo(1);
    }

    /** Until the server hangs up. */
    private static void sendGarbage(Connections connections) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(CONFIGURATION) {
            @Override
            public Connection newConnection(Connector connector, EndPoint endPoint) {
                return configure(connections.open(connector, endPoint), connector, endPoint);
            }
        });
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.start();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
            socket.setSoTimeout(50_000);
            socket.getOutputStream().write("NOT HTTP AT ALL\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            assertThat(new String(answer, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 400");
        } finally {
            server.stop();
        }
    }

    private interface Connections {

        HttpConnection open(Connector connector, EndPoint endPoint);
    }

    /** Those at work on a connection: holds up the first, once it has seen the garbage, for a second to come. */
    private static final class Threads {

        private final AtomicReference<@Nullable Thread> first = new AtomicReference<>();
        private final CountDownLatch second = new CountDownLatch(1);
        private final Duration longest;
        private volatile boolean held;

        Threads(Duration longest) {
            this.longest = longest;
        }

        void pass(@Nullable HttpParser parser) {
            if (parser == null || parser.getState() != HttpParser.State.CLOSE || !isAtWork()) {
                return;
            }
            if (held) {
                second.countDown();
            } else if (first.compareAndSet(null, Thread.currentThread())) {
                hold();
            }
        }

        private void hold() {
            held = true;
            try {
                second.await(longest.toSeconds(), TimeUnit.SECONDS); // its outcome is what the tests look at
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            held = false;
        }

        /** Called from there, or from what it calls; not from an answer that is given on the way. */
        private static boolean isAtWork() {
            return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                    .walk(frames -> frames.limit(5)
                            .anyMatch(frame -> frame.getDeclaringClass() == HttpConnection.class
                                    && frame.getMethodName().equals("onFillable")));
        }
    }
}
