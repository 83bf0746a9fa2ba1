package dev.slackline.queue.testkit.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy in front of a broker that behaves as bad networks do. Faults apply to both directions, at once, to the
 * connections there are and to later ones. Thread-safe.
 */
public final class FaultyProxy implements AutoCloseable {

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Random random;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile Network network = Network.SOUND;
    private volatile boolean closed;

    private FaultyProxy(InetSocketAddress target, long seed) throws IOException {
        this.target = target;
        this.random = new Random(seed);
        this.listener = new ServerSocket();
        this.listener.bind(FreePorts.local(FreePorts.next()));
    }

    /**
     * Starts one on a free port of 127.0.0.1, without any fault.
     *
     * @param target what it leads to; need not be there yet
     * @param seed of the chance in {@link #stall}
     */
    public static FaultyProxy to(InetSocketAddress target, long seed) {
        try {
            FaultyProxy proxy = new FaultyProxy(target, seed);
            ProxiedConnection.start("accept", proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy to " + target + " cannot listen", e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return FreePorts.local(listener.getLocalPort());
    }

    /** How many connections there are now. */
    public int connections() {
        return connections.size();
    }

    /** Resets every connection (TCP {@code RST}); new ones go through. */
    public void cut() {
        connections.forEach(ProxiedConnection::reset);
    }

    /**
     * From now on nothing goes through and nobody is told: what is sent is taken until the buffers are full, nothing is
     * closed, and new connections are accepted and silent. After {@link #heal()} what was held goes through late, as TCP
     * would send it again.
     */
    public void blackHole() {
        change(network.withBlackHole(true));
    }

    /** Everything arrives this much later; how much goes through in a time is not limited by it. */
    public void delay(Duration latency) {
        change(network.withLatency(latency));
    }

    /**
     * Holds up a share of what goes through, and all that follows on the same connection.
     *
     * @param share of the pieces that are held up, 0 to 1
     * @param length how long each is
     */
    public void stall(double share, Duration length) {
        change(network.withStalls(share, length));
    }

    /** Lets at most so many bytes a second through each connection, in each direction. */
    public void throttle(int bytesPerSecond) {
        change(network.withBytesPerSecond(bytesPerSecond));
    }

    /** Ends every fault. Connections that were cut stay cut. */
    public void heal() {
        change(Network.SOUND);
    }

    /** Cuts every connection and stops listening; returns when its threads have ended. */
    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy cannot stop listening", e);
        }
        heal();
        connections.forEach(ProxiedConnection::reset);
    }

    private void change(Network changed) {
        synchronized (this) {
            network = changed;
            notifyAll(); // who waits for the black hole to end
        }
    }

    private void accept() {
        while (!closed) {
            try {
                open(listener.accept());
            } catch (IOException e) {
                // closed, or a client that is gone already
            }
        }
    }

    private void open(Socket client) throws IOException {
        Socket server = new Socket();
        try {
            server.connect(target, 1000);
        } catch (IOException e) {
            ProxiedConnection.reset(client); // nobody is there: what a refused connection looks like from here
            return;
        }
        ProxiedConnection connection = new ProxiedConnection(this, client, server);
        connections.add(connection);
        if (closed) {
            connection.reset();
        } else {
            connection.start();
        }
    }

    Network network() {
        return network;
    }

    void ended(ProxiedConnection connection) {
        connections.remove(connection);
    }

    /** How long the piece that goes through now is held up, by chance. */
    Duration nextStall() {
        Network now = network;
        boolean stalls;
        synchronized (random) {
            stalls = random.nextDouble() < now.stallShare();
        }
        return stalls ? now.stall() : Duration.ZERO;
    }

    /** Returns when there is no black hole, or this connection has ended. */
    void awaitPassage(ProxiedConnection connection) throws InterruptedException {
        synchronized (this) {
            while (network.blackHole() && !connection.hasEnded()) {
                wait(100);
            }
        }
    }
}
