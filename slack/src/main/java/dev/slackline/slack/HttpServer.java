package dev.slackline.slack;

import dev.slackline.queue.config.ConfigurationException;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small HTTP/1.1 server that bears hostile clients: request heads, connections and the time for a request are bounded,
 * errors show nothing of the request, the server does not say what it is. A request goes to the first of the doors that
 * takes it; 404 if none does. Thread-safe.
 */
public final class HttpServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
    private static final int MAX_HEAD_BYTES = 16 * 1024;
    /** Nothing here blocks a thread, and few of them stay warm: more answer fewer requests. */
    private static final int MAX_THREADS = 12;

    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Server server;
    private final ServerConnector connector;
    private final GracefulHandler draining;

    private HttpServer(HttpSettings settings, List<Handler> doors, @Nullable ByteBufferPool buffers) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
        threads.setName("slackline-http");
        server = new Server(threads, null, buffers);
        draining = new GracefulHandler(new Handler.Sequence(doors));
        connector = new ServerConnector(server, 1, -1, new SerialConnections(configuration()));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(settings.idleTimeout().toMillis());
        connector.addBean(new SlowRequests(connector.getScheduler(), settings.requestTimeout()));
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(settings.maxConnections(), connector));
        server.setHandler(draining);
        server.setErrorHandler(new BareErrors());
    }

    /**
     * Listens and serves until it is closed.
     *
     * @param doors what answers the requests; asked in this order
     * @throws ConfigurationException if the address cannot be listened on
     */
    public static HttpServer start(HttpSettings settings, List<Handler> doors) {
        return start(settings, doors, null);
    }

    /** As {@link #start(HttpSettings, List)}, with buffers that can be watched; null for Jetty's own. */
    static HttpServer start(HttpSettings settings, List<Handler> doors, @Nullable ByteBufferPool buffers) {
        HttpServer http = new HttpServer(settings, doors, buffers);
        try {
            http.server.start();
            return http;
        } catch (IOException e) {
            http.stop();
            throw cannotListen(settings, e);
        } catch (Exception e) {
            http.stop();
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
    }

    /** The port it listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /**
     * Takes no more connections, answers new requests 503, lets those under way finish for up to five seconds, and ends.
     * Idempotent.
     */
    @Override
    public void close() {
        close(DRAIN);
    }

    /** As {@link #close()}, within another time. */
    void close(Duration drain) {
        if (server.isRunning()) {
            connector.close();
            awaitRequests(drain);
        }
        stop();
    }

    /** How many connections are open. */
    int connections() {
        return connector.getConnectedEndPoints().size();
    }

    /** The server behind it, for those who look for leaks. */
    Server jetty() {
        return server;
    }

    private void awaitRequests(Duration drain) {
        try {
            draining.shutdown().get(drain.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("closing with requests under way requests={}", draining.getCurrentRequestCount());
        }
    }

    private void stop() {
        try {
            server.stop();
        } catch (Exception e) {
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(MAX_HEAD_BYTES);
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        return http;
    }

    private static ConfigurationException cannotListen(HttpSettings settings, IOException cause) {
        Throwable root = cause.getCause() == null ? cause : cause.getCause();
        ConfigurationException problem = new ConfigurationException(HttpSettings.HOST.name() + ", "
                + HttpSettings.PORT.name() + ": cannot listen on " + settings.host() + ":" + settings.port() + " ("
                + (root instanceof UnresolvedAddressException ? "no such host" : root.getMessage())
                + "); stop what listens there or choose another port or address");
        problem.initCause(cause);
        return problem;
    }
}
