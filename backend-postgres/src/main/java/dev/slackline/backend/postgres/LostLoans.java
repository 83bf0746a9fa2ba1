package dev.slackline.backend.postgres;

import dev.slackline.queue.QueueException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loans of which it is not known whether the server made them: the connection was lost before it could say, or before the
 * messages came. Nobody has them, so they are given back, by their token, rather than when their lease is over; and for a
 * while again and again, as the server may get to hear of a loan only after the connection was given up. Thread-safe.
 */
final class LostLoans {

    private static final Logger log = LoggerFactory.getLogger(LostLoans.class);
    private static final Duration FOR = Duration.ofSeconds(60);

    private final String schema;
    private final Connections connections;
    private final Bell bell;
    /** Tokens, and until when they are looked for. */
    private final Map<Long, Long> lost = new ConcurrentHashMap<>();

    LostLoans(String schema, Connections connections, Bell bell) {
        this.schema = schema;
        this.connections = connections;
        this.bell = bell;
    }

    void add(long token) {
        lost.put(token, System.nanoTime() + FOR.toNanos());
    }

    /** Gives back what there is of them. */
    void giveBack() {
        if (lost.isEmpty()) {
            return;
        }
        Long[] tokens = lost.keySet().toArray(Long[]::new);
        try {
            int found = connections.call(connection -> {
                try (PreparedStatement statement = connection.prepareStatement("UPDATE " + schema
                        + ".held SET token = NULL, due = '-infinity' WHERE token = ANY (?::bigint[])")) {
                    statement.setObject(1, tokens);
                    return statement.executeUpdate();
                }
            });
            if (found > 0) {
                bell.ring();
            }
            long now = System.nanoTime();
            lost.values().removeIf(until -> until - now < 0);
        } catch (SQLException | QueueException e) {
            log.debug("lost loans are given back later", e);
        }
    }
}
