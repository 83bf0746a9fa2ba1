package dev.slackline.queue.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultyProxyTest {

    private ServerSocket echo;
    private FaultyProxy proxy;

    @BeforeEach
    void startAnEcho() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread server = new Thread(
                () -> {
                    while (!echo.isClosed()) {
                        try {
                            echoTo(echo.accept());
                        } catch (IOException e) {
                            return;
                        }
                    }
                },
                "echo");
        server.setDaemon(true);
        server.start();
        proxy = FaultyProxy.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), echo.getLocalPort()), 42);
    }

    @AfterEach
    void stopIt() throws IOException {
        proxy.close();
        echo.close();
        Await.until(
                "no thread of the proxy is left",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("faulty-proxy-")));
    }

    @Test
    void withoutAFaultEverythingGoesThroughInBothDirections() throws IOException {
        try (Socket socket = connect()) {
            byte[] much = new byte[1 << 20];
            Arrays.fill(much, (byte) 7);
            Thread writer = new Thread(() -> send(socket, much), "writer");
            writer.start();
            assertThat(socket.getInputStream().readNBytes(much.length)).isEqualTo(much);

            socket.shutdownOutput();
            assertThat(socket.getInputStream().read())
                    .as("the end comes through")
                    .isEqualTo(-1);
        }
        Await.until("the connection is forgotten", () -> proxy.connections() == 0);
    }

    @Test
    void aCutResetsConnectionsAndLetsNewOnesThrough() throws IOException {
        try (Socket socket = connect()) {
            assertThat(echoed(socket, "before")).isEqualTo("before");
            proxy.cut();
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
        try (Socket socket = connect()) {
            assertThat(echoed(socket, "after")).isEqualTo("after");
        }
    }

    @Test
    void aBlackHoleIsSilentAndClosesNothing() throws IOException {
        try (Socket socket = connect()) {
            assertThat(echoed(socket, "before")).isEqualTo("before");
            proxy.blackHole();
            socket.setSoTimeout(300);
            assertThatThrownBy(() -> echoed(socket, "lost?")).isInstanceOf(SocketTimeoutException.class);
            try (Socket late = connect()) {
                late.setSoTimeout(300);
                assertThatThrownBy(() -> echoed(late, "anybody?")).isInstanceOf(SocketTimeoutException.class);
            }
            proxy.heal();
            socket.setSoTimeout(15_000);
            assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.UTF_8))
                    .as("what was held goes through late")
                    .isEqualTo("lost?");
        }
    }

    @Test
    void latencyDelaysAndDoesNotThrottle() throws IOException {
        proxy.delay(Duration.ofMillis(200));
        try (Socket socket = connect()) {
            long start = System.nanoTime();
            for (int i = 0; i < 50; i++) {
                send(socket, "x".getBytes(StandardCharsets.UTF_8));
            }
            assertThat(socket.getInputStream().readNBytes(50)).hasSize(50);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("there and back")
                    .isBetween(Duration.ofMillis(400), Duration.ofSeconds(5));
        }
    }

    @Test
    void aThrottleLetsSoManyBytesASecondThrough() throws IOException {
        proxy.throttle(100_000);
        try (Socket socket = connect()) {
            long start = System.nanoTime();
            send(socket, new byte[50_000]);
            assertThat(socket.getInputStream().readNBytes(50_000)).hasSize(50_000);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(450));
        }
    }

    @Test
    void aShareOfWhatGoesThroughStalls() throws IOException {
        proxy.stall(1, Duration.ofMillis(150));
        try (Socket socket = connect()) {
            long start = System.nanoTime();
            assertThat(echoed(socket, "late")).isEqualTo("late");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(300));
        }
    }

    @Test
    void whatIsNotThereLooksRefused() throws IOException {
        // bound and not listening: a listener that was just closed may still accept one
        try (Socket nobody = new Socket()) {
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (FaultyProxy toNobody = FaultyProxy.to((InetSocketAddress) nobody.getLocalSocketAddress(), 42);
                    Socket socket = new Socket(
                            toNobody.address().getAddress(), toNobody.address().getPort())) {
                socket.setSoTimeout(15_000);
                assertThatThrownBy(() -> {
                            if (socket.getInputStream().read() < 0) {
                                throw new IOException("closed");
                            }
                        })
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(proxy.address().getAddress(), proxy.address().getPort());
        socket.setSoTimeout(15_000);
        return socket;
    }

    private static String echoed(Socket socket, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(socket, bytes);
        return new String(socket.getInputStream().readNBytes(bytes.length), StandardCharsets.UTF_8);
    }

    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void echoTo(Socket socket) {
        Thread thread = new Thread(
                () -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException e) {
                        // the client is gone
                    }
                },
                "echo-connection");
        thread.setDaemon(true);
        thread.start();
    }
}
