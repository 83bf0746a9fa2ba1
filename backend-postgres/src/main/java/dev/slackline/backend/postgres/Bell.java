package dev.slackline.backend.postgres;

import dev.slackline.queue.QueueException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who wait for messages, here and in other processes, that there may be some. A ring is a hint: one that gets
 * lost costs as much time as there is between two looks. It is a transaction of its own, and one in so many milliseconds:
 * the server lets those that notify commit one after another. Thread-safe.
 */
final class Bell {

    private static final Logger log = LoggerFactory.getLogger(Bell.class);
    private static final Duration BETWEEN = Duration.ofMillis(25);
    private static final Duration PING = Duration.ofSeconds(3);
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final String channel;
    private final Connections connections;
    private final Waiting waiting;
    private final Threads threads;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicLong lastRing = new AtomicLong(System.nanoTime() - BETWEEN.toNanos());
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile boolean listening;
    private volatile boolean closed;
    private volatile @Nullable Connection ear;

    Bell(String schema, Connections connections, Waiting waiting, Threads threads) {
        this.channel = channel(schema);
        this.connections = connections;
        this.waiting = waiting;
        this.threads = threads;
    }

    /** The channel of a topic. */
    static String channel(String schema) {
        return "slackline_" + schema;
    }

    /** There may be something for somebody. */
    void ring() {
        waiting.call();
        if (!scheduled.compareAndSet(false, true)) {
            return;
        }
        long since = System.nanoTime() - lastRing.get();
        try {
            if (since >= BETWEEN.toNanos()) {
                threads.keep(this::ringElsewhere);
            } else {
                threads.keepLater(BETWEEN.minusNanos(since), this::ringElsewhere);
            }
        } catch (RejectedExecutionException e) {
            // closing: others look by themselves
        }
    }

    /** Whether others' rings are heard. */
    boolean isListening() {
        return listening;
    }

    /** Listens from now on. */
    void listen() {
        if (started.compareAndSet(false, true)) {
            threads.named("listener", this::loop).start();
        }
    }

    void close() {
        closed = true;
        Connection open = ear;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException e) {
                log.trace("closing the connection that listens failed", e);
            }
        }
    }

    private void ringElsewhere() {
        scheduled.set(false); // what comes from here on rings again
        lastRing.set(System.nanoTime());
        try {
            connections.call(connection -> {
                try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT set_config('synchronous_commit', 'off', true), pg_notify(?, '')")) {
                    statement.setString(1, channel);
                    return statement.execute();
                }
            });
        } catch (SQLException | QueueException e) {
            log.debug("others were not told; they look by themselves", e);
        }
    }

    private void loop() {
        try {
            while (!closed && !connections.isPooled()) {
                try (Connection connection = connections.dial()) {
                    ear = connection;
                    hear(connection);
                } catch (SQLException e) {
                    log.debug("not listening for now", e);
                }
                listening = false;
                Connections.pause(AGAIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hear(Connection connection) throws SQLException {
        if (connections.isPooled() || closed) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + channel);
        }
        listening = true;
        waiting.call(); // whoever rang before
        PGConnection server = connection.unwrap(PGConnection.class);
        while (!closed) {
            PGNotification[] rings = server.getNotifications((int) PING.toMillis());
            if (rings != null && rings.length > 0) {
                waiting.call();
            } else if (!connection.isValid((int) PING.toSeconds())) {
                return;
            }
        }
    }
}
