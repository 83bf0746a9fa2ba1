package dev.slackline.backend.postgres;

import dev.slackline.queue.QueueException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be done now and then: remove what is no longer needed, a little in each transaction; tell others who consumes
 * here; and see whether the server still answers when nobody works with it.
 */
final class Housekeeping {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration SWEEP = Duration.ofSeconds(10);
    private static final Duration VACUUM = Duration.ofSeconds(2);
    /** So many dead rows are worth it: whoever looks for the first that lives has to pass them. */
    private static final int DEAD_ROWS = 20_000;

    private static final Duration PROBE = Duration.ofSeconds(2);
    private static final Duration LOST = Duration.ofMillis(500);
    private static final int IDS_AT_ONCE = 2_000;
    /** As long as there is much to forget. */
    private static final int MOST_STEPS = 200;

    private static final int AT_ONCE = 2_000;
    private static final int STEPS = 10;

    private final String schema;
    private final Duration window;
    private final Connections connections;
    private final Members members;
    private final LostLoans lost;
    private volatile long next;
    private volatile String seenUpTo = "";

    Housekeeping(String schema, Duration window, Connections connections, Members members, LostLoans lost) {
        this.schema = schema;
        this.window = window;
        this.connections = connections;
        this.members = members;
        this.lost = lost;
    }

    void start(Threads threads) {
        threads.keepEvery(SWEEP, this::sweep);
        threads.keepEvery(SWEEP, this::forget);
        threads.keepEvery(VACUUM, this::vacuum);
        threads.keepEvery(LOST, lost::giveBack);
        threads.keepEvery(Members.BEAT, members::beat);
        threads.keepEvery(PROBE, () -> connections.probe(PROBE));
    }

    private void sweep() {
        try {
            connections.call(connection -> sweep(connection, next));
        } catch (SQLException | QueueException e) {
            log.debug("nothing was swept", e);
        }
    }

    /** At full speed this is due more often than autovacuum looks, which is once a minute. */
    private void vacuum() {
        try {
            connections.call(connection -> {
                try (Statement statement = connection.createStatement()) {
                    boolean due;
                    try (ResultSet row = statement.executeQuery("SELECT max(n_dead_tup) FROM pg_stat_user_tables WHERE"
                            + " schemaname = '" + schema + "' AND relname IN ('ready', 'held')")) {
                        due = row.next() && row.getLong(1) > DEAD_ROWS;
                    }
                    return due && statement.execute("VACUUM (SKIP_LOCKED) " + schema + ".ready, " + schema + ".held");
                }
            });
        } catch (SQLException | QueueException e) {
            log.debug("nothing was vacuumed; the server does it in time", e);
        }
    }

    private void forget() {
        try {
            connections.call(connection -> {
                for (int step = 0; step < MOST_STEPS && forget(connection, step); step++) {
                    log.trace("forgetting goes on");
                }
                return seenUpTo;
            });
        } catch (SQLException | QueueException e) {
            log.debug("nothing was forgotten", e);
        }
    }

    /** @return whether it is worth going on at once */
    private boolean forget(Connection connection, int step) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT last_id, forgotten FROM " + schema + ".forget(?, ?, ?)")) {
            statement.setString(1, seenUpTo);
            statement.setInt(2, IDS_AT_ONCE);
            statement.setLong(3, window.toMillis());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                String last = row.getString(1);
                seenUpTo = last == null ? "" : last;
                return last != null && (step < STEPS || row.getInt(2) > IDS_AT_ONCE / 10);
            }
        }
    }

    /** Removes what a group has left that was just dropped, or a part of it. */
    void sweepNow(Connection connection) throws SQLException {
        sweep(connection, 0);
    }

    /** Goes on from there, as far as it comes in one go: a long backlog is looked through in many. */
    private long sweep(Connection connection, long start) throws SQLException {
        Long from = start;
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + schema + ".sweep(?, ?)")) {
            for (int step = 0; step < STEPS && from != null; step++) {
                statement.setLong(1, from);
                statement.setInt(2, AT_ONCE);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    from = row.getObject(1, Long.class);
                }
            }
        }
        next = from == null ? 0 : from;
        return next;
    }
}
