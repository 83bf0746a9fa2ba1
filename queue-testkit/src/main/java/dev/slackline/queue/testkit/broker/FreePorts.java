package dev.slackline.queue.testkit.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ports of 127.0.0.1 that nobody listens on, and that no other JVM is given: several build modules at a time. They lie below
 * the range that outgoing connections are given: while a broker is down its port must not be taken by a client, least of all
 * by one that connects to itself.
 */
final class FreePorts {

    private static final int FIRST = 20_000;
    private static final int BLOCKS = 60;
    private static final int BLOCK = 200;

    /** The first port of a block is held by the JVM that has the others, until it ends. */
    private static final List<ServerSocket> CLAIMS = new ArrayList<>();

    private static int next;
    private static int end;

    private FreePorts() {}

    /** Another one on every call. */
    static synchronized int next() {
        while (true) {
            if (next == end) {
                claim();
            }
            int port = next++;
            ServerSocket free = bound(port);
            if (free != null) {
                close(free);
                return port;
            }
        }
    }

    static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static void claim() {
        int from = ThreadLocalRandom.current().nextInt(BLOCKS);
        for (int i = 0; i < BLOCKS; i++) {
            int first = FIRST + (from + i) % BLOCKS * BLOCK;
            ServerSocket claim = bound(first);
            if (claim != null) {
                CLAIMS.add(claim);
                next = first + 1;
                end = first + BLOCK;
                return;
            }
        }
        throw new IllegalStateException("no free ports from " + FIRST + " on");
    }

    /** Null if somebody listens there. */
    private static @Nullable ServerSocket bound(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            try {
                socket.bind(local(port));
                return socket;
            } catch (BindException e) {
                close(socket);
                return null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
