package dev.slackline.slack.simulator.socket;

import dev.slackline.slack.simulator.state.Json;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** What can be made to go wrong with the connections of Socket Mode. Thread-safe. */
public final class SocketFaults {

    private final List<SocketConnection> connections;
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger duplicates = new AtomicInteger();
    private volatile int ghosts;
    private volatile Duration lifetime;

    SocketFaults(List<SocketConnection> connections, Duration lifetime) {
        this.connections = connections;
        this.lifetime = lifetime;
    }

    /**
     * Tells the client to leave every connection. A warned connection stays open; any other reason closes it at once.
     *
     * @return how many were told
     */
    public int disconnect(DisconnectReason reason) {
        List<SocketConnection> told = List.copyOf(connections); // most of them leave the list at once
        told.forEach(connection -> disconnect(connection, reason));
        return told.size();
    }

    /** As {@link #disconnect(DisconnectReason)} for the oldest connection alone. Answers whether there was one. */
    public boolean disconnectOldest(DisconnectReason reason) {
        return oldest(connection -> disconnect(connection, reason));
    }

    /**
     * Lets every connection fall silent without closing it: nothing is read, no ping is answered. Slack counts it, and
     * sends envelopes into it, until it is {@linkplain #reap() reaped}.
     *
     * @return how many connections there are
     */
    public int freeze() {
        List<SocketConnection> frozen = List.copyOf(connections);
        frozen.forEach(SocketConnection::freeze);
        return frozen.size();
    }

    /** As {@link #freeze()} for the oldest connection that is not frozen yet. Answers whether there was one. */
    public boolean freezeOldest() {
        return oldest(SocketConnection::freeze);
    }

    /** Lets Slack find out that frozen connections are dead. */
    public void reap() {
        List<SocketConnection> dead =
                connections.stream().filter(SocketConnection::isFrozen).toList();
        connections.removeAll(dead);
        dead.forEach(SocketConnection::reset);
    }

    /** Cuts every connection with a TCP reset. */
    public int reset() {
        List<SocketConnection> cut = List.copyOf(connections);
        cut.forEach(SocketConnection::reset);
        return cut.size();
    }

    /** As {@link #reset()} for the oldest connection. Answers whether there was one. */
    public boolean resetOldest() {
        return oldest(SocketConnection::reset);
    }

    /** Sends each of the next envelopes twice, with the same envelope id. */
    public void duplicateNext(int envelopes) {
        duplicates.set(envelopes);
    }

    /** Lets {@code hello} count connections that the client does not know of. */
    public void ghosts(int more) {
        ghosts = more;
    }

    /** How long new connections live. */
    public void connectionLifetime(Duration changed) {
        lifetime = changed;
    }

    /** Answers the next attempts to connect with 403. */
    public void refuseNext(int attempts) {
        refusals.set(attempts);
    }

    Duration lifetime() {
        return lifetime;
    }

    int ghosts() {
        return ghosts;
    }

    int copies() {
        return duplicates.getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? 2 : 1;
    }

    boolean refuses() {
        return refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    static void disconnect(SocketConnection connection, DisconnectReason reason) {
        ObjectNode message = Json.object().put("type", "disconnect").put("reason", reason.text());
        message.putObject("debug_info").put("host", SocketMode.HOST);
        connection.send(message);
        if (reason != DisconnectReason.WARNING) {
            connection.close();
        }
    }

    private boolean oldest(Consumer<SocketConnection> action) {
        return connections.stream()
                .filter(connection -> !connection.isFrozen())
                .findFirst()
                .map(connection -> {
                    action.accept(connection);
                    return true;
                })
                .orElse(false);
    }
}
