package dev.slackline.slack;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Connections that one thread works on at a time. Jetty 12.1.14 lets in a second one: a request that cannot be parsed is
 * answered by another thread, which then carries on with the connection while the one that parsed is still in it. Both
 * use its input buffer, which may then be lost, or go back to the pool while bytes are read into it.
 */
final class SerialConnections extends HttpConnectionFactory {

    SerialConnections(HttpConfiguration configuration) {
        super(configuration);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        SerialConnection connection = new SerialConnection(getHttpConfiguration(), connector, endPoint);
        connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
        return configure(connection, connector, endPoint);
    }

    /** A thread that finds another one at work leaves its turn to it. */
    static class SerialConnection extends HttpConnection {

        private final Executor executor;
        private final AtomicInteger turns = new AtomicInteger();

        SerialConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
            super(configuration, connector, endPoint);
            executor = Afterwards.or(connector.getExecutor());
        }

        /** The next request is read by the thread that has answered the last, when that is done with all its answers. */
        @Override
        protected Executor getExecutor() {
            return executor;
        }

        @Override
        public final void onFillable() {
            if (turns.getAndIncrement() == 0) {
                do {
                    super.onFillable();
                } while (turns.decrementAndGet() > 0);
            }
        }
    }
}
