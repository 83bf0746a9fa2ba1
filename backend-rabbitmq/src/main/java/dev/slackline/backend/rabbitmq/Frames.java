package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.WriteListener;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.FrameHandler;
import com.rabbitmq.client.impl.FrameHandlerFactory;
import com.rabbitmq.client.impl.SocketFrameHandler;
import com.rabbitmq.client.impl.SocketFrameHandlerFactory;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the socket of a connection. The client library hands every message to the kernel by itself; a thread that
 * has many to send gathers them here, and a few large writes take their place. Thread-safe: only the gathering thread's
 * own frames wait.
 */
final class Frames extends SocketFrameHandler {

    private volatile @Nullable Thread gathering;

    private Frames(Socket socket, ExecutorService shutdownExecutor, int largestFrame) throws IOException {
        super(socket, shutdownExecutor, largestFrame);
    }

    /** Of a connection that a {@link Factory} has made. */
    static Frames of(Connection connection) {
        return (Frames) ((AMQConnection) connection).getFrameHandler();
    }

    /** From now on what this thread sends may wait, until {@link #sendAll()}. */
    void gather() {
        gathering = Thread.currentThread();
    }

    /** Sends what waits. */
    void sendAll() throws IOException {
        gathering = null;
        super.flush(null);
    }

    @Override
    public void flush(@Nullable WriteListener listener) throws IOException {
        if (gathering != Thread.currentThread()) {
            super.flush(listener);
        }
    }

    /** Makes connections whose frames can be gathered. */
    static final class Factory extends ConnectionFactory {

        private static final int FIRST_FRAME = 8192; // until both sides have agreed

        private final ExecutorService shutdownExecutor;
        private final @Nullable SSLContext tls;

        Factory(ExecutorService shutdownExecutor, @Nullable SSLContext tls) {
            this.shutdownExecutor = shutdownExecutor;
            this.tls = tls;
            setShutdownExecutor(shutdownExecutor);
            if (tls != null) {
                useSslProtocol(tls);
            }
        }

        @Override
        protected synchronized FrameHandlerFactory createFrameHandlerFactory() {
            return new SocketFrameHandlerFactory(
                    getConnectionTimeout(),
                    getSocketFactory(),
                    getSocketConfigurator(),
                    isSSL(),
                    shutdownExecutor,
                    tls == null ? null : name -> tls,
                    FIRST_FRAME) {
                @Override
                public FrameHandler create(Socket socket) throws IOException {
                    return new Frames(socket, shutdownExecutor, FIRST_FRAME);
                }
            };
        }
    }
}
