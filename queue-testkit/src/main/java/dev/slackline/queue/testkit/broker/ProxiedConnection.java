package dev.slackline.queue.testkit.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One connection through a {@link FaultyProxy}: in each direction a thread that reads and one that writes later. */
final class ProxiedConnection {

    private static final int PIECE = 16 * 1024;
    private static final int PIECES_UNDER_WAY = 256;
    private static final byte[] END = {};

    private static final class Piece {

        private final byte[] bytes;
        private final long readAt = System.nanoTime();

        Piece(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    private final FaultyProxy proxy;
    private final Socket client;
    private final Socket server;
    private final CountDownLatch ended = new CountDownLatch(1);

    ProxiedConnection(FaultyProxy proxy, Socket client, Socket server) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
    }

    void start() {
        pump("to-broker", client, server);
        pump("to-client", server, client);
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** Ends it without a word to either side. */
    void reset() {
        ended.countDown();
        reset(client);
        reset(server);
        proxy.ended(this);
    }

    static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0); // RST instead of FIN
        } catch (IOException e) {
            // closed already
        }
    }

    static void start(String name, Runnable task) {
        Thread thread = new Thread(task, "faulty-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void pump(String name, Socket from, Socket to) {
        BlockingQueue<Piece> underWay = new LinkedBlockingQueue<>(PIECES_UNDER_WAY);
        start(name + "-reader", () -> ended(() -> read(from, underWay)));
        start(name + "-writer", () -> ended(() -> write(underWay, to)));
    }

    private interface Direction {
        void run() throws IOException, InterruptedException;
    }

    private void ended(Direction direction) {
        try {
            direction.run();
        } catch (IOException e) {
            reset(); // one side is gone: so is the other
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    private void read(Socket from, BlockingQueue<Piece> underWay) throws IOException, InterruptedException {
        InputStream input = from.getInputStream();
        byte[] buffer = new byte[PIECE];
        int length = 0;
        while (length >= 0) {
            length = input.read(buffer);
            Piece piece = new Piece(length < 0 ? END : Arrays.copyOf(buffer, length));
            while (!underWay.offer(piece, 100, TimeUnit.MILLISECONDS)) {
                if (hasEnded()) {
                    return;
                }
            }
        }
    }

    private void write(BlockingQueue<Piece> underWay, Socket to) throws IOException, InterruptedException {
        OutputStream output = to.getOutputStream();
        while (!hasEnded()) {
            Piece piece = underWay.poll(100, TimeUnit.MILLISECONDS);
            if (piece == null) {
                continue;
            }
            awaitTurn(piece);
            if (piece.bytes.length == 0) {
                closeGently(to);
                return;
            }
            output.write(piece.bytes);
        }
    }

    private void awaitTurn(Piece piece) throws InterruptedException {
        Network network = proxy.network();
        pass(Duration.ofNanos(piece.readAt - System.nanoTime()).plus(network.latency()));
        pass(proxy.nextStall().plus(network.transmission(piece.bytes.length)));
        proxy.awaitPassage(this);
    }

    private void pass(Duration time) throws InterruptedException {
        if (!time.isNegative() && !time.isZero()) {
            ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Passes the end of one direction on; the second one ends the connection. */
    private void closeGently(Socket to) throws IOException {
        to.shutdownOutput();
        if (client.isOutputShutdown() && server.isOutputShutdown()) {
            client.close();
            server.close();
            ended.countDown();
            proxy.ended(this);
        }
    }
}
