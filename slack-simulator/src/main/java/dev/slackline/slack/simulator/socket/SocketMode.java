package dev.slackline.slack.simulator.socket;

import dev.slackline.slack.simulator.delivery.Attempt;
import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.delivery.Way;
import dev.slackline.slack.simulator.state.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The server of Socket Mode: hands out addresses for one use, greets, sends each envelope over one of the connections,
 * and takes acknowledgements on the connection that brought it. Thread-safe.
 */
public final class SocketMode implements Way, SocketConnection.Owner {

    static final String HOST = "applink-simulator";

    private static final int MAX_CONNECTIONS = 10;
    private static final Duration DEBUG_LIFETIME = Duration.ofMinutes(6);

    private final String appId;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private final Tickets tickets;
    private final SocketFaults faults;
    private final Duration ackTimeout;
    private final Duration warning;
    private final List<SocketConnection> connections = new CopyOnWriteArrayList<>();
    private final Map<String, Envelope> pending = new ConcurrentHashMap<>();
    private final List<Acknowledgement> acknowledgements = new ArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicLong turns = new AtomicLong();

    /** A server without connections. */
    public SocketMode(String appId, SocketOptions options, InstantSource clock, ScheduledExecutorService timer) {
        this.appId = appId;
        this.clock = clock;
        this.timer = timer;
        this.tickets = new Tickets(clock);
        this.faults = new SocketFaults(connections, options.lifetime());
        this.ackTimeout = options.ackTimeout();
        this.warning = options.warning();
        long every = options.pingInterval().toMillis();
        timer.scheduleAtFixedRate(
                () -> connections.forEach(SocketConnection::ping), every, every, TimeUnit.MILLISECONDS);
    }

    /** What can go wrong. */
    public SocketFaults faults() {
        return faults;
    }

    /** How many connections are open, as far as Slack knows. */
    public int connections() {
        return connections.size();
    }

    /** How many connections there were. */
    public int connectionsEver() {
        return numbers.get();
    }

    /** What the app sent, in order. */
    public List<Acknowledgement> acknowledgements() {
        synchronized (acknowledgements) {
            return List.copyOf(acknowledgements);
        }
    }

    /** The path and query of an address that is good once. */
    public String newAddress() {
        return "/link/?ticket=" + tickets.issue() + "&app_id=" + appId;
    }

    /** Takes a client that comes with a good ticket; for Jetty. */
    public @Nullable Object accept(ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
        Fields query = Request.extractQueryParameters(request);
        String ticket = query.getValue("ticket");
        if (ticket == null || !tickets.use(ticket) || faults.refuses()) {
            Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403);
            return null;
        }
        return new SocketConnection(
                numbers.incrementAndGet(),
                request.getConnectionMetaData().getConnection().getEndPoint(),
                this,
                "true".equals(query.getValue("debug_reconnects")));
    }

    @Override
    public void opened(SocketConnection connection) {
        if (connections.size() >= MAX_CONNECTIONS) {
            SocketFaults.disconnect(connection, DisconnectReason.TOO_MANY_WEBSOCKETS);
            return;
        }
        Duration lifetime = connection.debugReconnects() ? DEBUG_LIFETIME : faults.lifetime();
        connections.add(connection);
        connection.send(Greeting.of(appId, connections.size() + faults.ghosts(), lifetime));
        after(lifetime.minus(warning), () -> endSoon(connection, lifetime));
    }

    private void endSoon(SocketConnection connection, Duration lifetime) {
        SocketFaults.disconnect(connection, DisconnectReason.WARNING);
        after(min(warning, lifetime), () -> {
            if (connections.contains(connection)) {
                SocketFaults.disconnect(connection, DisconnectReason.REFRESH_REQUESTED);
            }
        });
    }

    @Override
    public void closed(SocketConnection connection) {
        connections.remove(connection);
    }

    @Override
    public void received(SocketConnection connection, JsonNode message) {
        String id = Json.text(message, "envelope_id");
        if (id.isEmpty()) {
            return;
        }
        Envelope envelope = pending.get(id);
        boolean known = envelope != null && envelope.way().equals(connection.way()) && pending.remove(id, envelope);
        JsonNode payload = message.path("payload");
        synchronized (acknowledgements) {
            acknowledgements.add(new Acknowledgement(connection.number(), id, payload, known, clock.instant()));
        }
        if (known && envelope != null) {
            envelope.acknowledged(clock.instant(), payload);
        }
    }

    @Override
    public CompletableFuture<Attempt> send(Occurrence occurrence, int retry, @Nullable String reason) {
        SocketConnection connection = choose(occurrence.lastWay());
        if (connection == null) {
            return nobodyThere(occurrence, retry, reason);
        }
        Envelope envelope = new Envelope(occurrence, retry, reason, connection.way(), clock.instant());
        pending.put(envelope.id(), envelope);
        String text = envelope.text();
        for (int copies = faults.copies(); copies > 0; copies--) {
            connection.send(text);
        }
        after(ackTimeout, () -> {
            if (pending.remove(envelope.id(), envelope)) {
                envelope.failed(clock.instant(), "timeout");
            }
        });
        return envelope.ended();
    }

    /** Sends what was sent last of an occurrence over any connection again, with the same envelope id or another. */
    public void sendAgain(Occurrence occurrence) {
        SocketConnection connection = choose(null);
        if (connection != null) {
            Envelope copy = new Envelope(occurrence, 0, null, connection.way(), clock.instant());
            pending.put(copy.id(), copy);
            connection.send(copy.text());
        }
    }

    /** Ends every connection. */
    public void close() {
        connections.forEach(SocketConnection::close);
    }

    /** Another one than the last time, if there is one. */
    private @Nullable SocketConnection choose(@Nullable String last) {
        List<SocketConnection> open = List.copyOf(connections);
        List<SocketConnection> others =
                open.stream().filter(each -> !each.way().equals(last)).toList();
        List<SocketConnection> candidates = others.isEmpty() ? open : others;
        return candidates.isEmpty() ? null : candidates.get((int) (turns.getAndIncrement() % candidates.size()));
    }

    private CompletableFuture<Attempt> nobodyThere(Occurrence occurrence, int retry, @Nullable String reason) {
        Attempt attempt = Attempt.pending(retry, reason, "no connection", "", clock.instant())
                .failed(clock.instant(), "connection_failed", false);
        occurrence.began(attempt);
        return CompletableFuture.completedFuture(attempt);
    }

    private void after(Duration wait, Runnable task) {
        try {
            timer.schedule(task, Math.max(0, wait.toMillis()), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // the simulator ends
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
