package dev.slackline.slack.simulator;

import dev.slackline.slack.simulator.socket.SocketMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** The HTTP and WebSocket server that the simulator stands in, on 127.0.0.1. */
final class SimulatorServer implements AutoCloseable {

    private static final int MAX_THREADS = 32;
    private static final long MAX_MESSAGE_BYTES = 4L * 1024 * 1024;

    private final Server server;
    private final ServerConnector connector;
    private final SocketMode socket;

    /** Listens, and answers nothing yet. */
    SimulatorServer(int port, SocketMode socket) {
        this.socket = socket;
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
        threads.setName("slack-simulator");
        threads.setDaemon(true);
        server = new Server(threads);
        connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        try {
            connector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on 127.0.0.1:" + port + "; choose another port", e);
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    void start(List<Handler> handlers) {
        ContextHandler context = new ContextHandler("/");
        WebSocketUpgradeHandler sockets = WebSocketUpgradeHandler.from(server, context, container -> {
            container.setIdleTimeout(Duration.ZERO);
            container.setMaxTextMessageSize(MAX_MESSAGE_BYTES);
            container.addMapping("/link/*", socket::accept);
        });
        sockets.setHandler(new Handler.Sequence(handlers));
        context.setHandler(sockets);
        server.setHandler(context);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the simulator cannot start", e);
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the simulator cannot stop", e);
        }
    }
}
