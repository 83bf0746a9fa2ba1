package dev.slackline.backend.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * An address that stays and leads to another that changes: Kafka's clients connect to where the broker says it is, which it
 * cannot change while it runs, and each case of the kit has a proxy of its own.
 */
final class Detour implements AutoCloseable {

    private static final int FIRST = 18_000;
    private static final int END = 20_000;

    private final ServerSocket server;
    private volatile InetSocketAddress target;

    private Detour(ServerSocket server) {
        this.server = server;
        this.target = (InetSocketAddress) server.getLocalSocketAddress();
    }

    static Detour open() {
        for (int port = FIRST; port < END; port++) {
            try {
                ServerSocket server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
                Detour detour = new Detour(server);
                start(detour::accept);
                return detour;
            } catch (java.net.BindException e) {
                // the next one
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new IllegalStateException("no free port");
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    void leadTo(InetSocketAddress address) {
        target = address;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket from = server.accept();
                start(() -> connect(from));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void connect(Socket from) {
        Socket to = new Socket();
        try {
            from.setTcpNoDelay(true);
            to.setTcpNoDelay(true);
            to.connect(target, 5_000);
            start(() -> copy(to, from));
            copy(from, to);
        } catch (IOException e) {
            close(from, to);
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] some = new byte[1 << 16];
            for (int count = in.read(some); count > 0; count = in.read(some)) {
                out.write(some, 0, count);
            }
        } catch (IOException e) {
            // cut
        } finally {
            close(from, to);
        }
    }

    private static void close(Socket... sockets) {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                // it is gone
            }
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "detour");
        thread.setDaemon(true);
        thread.start();
    }
}
