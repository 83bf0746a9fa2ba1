package dev.slackline.backend.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The clock that the backend was opened with, where it is not the system's. All times are the server's, so the clocks of
 * those who use it have no say in them, however wrong they are. But a clock that is put forward while it is used is one
 * that a test moves, and what it moves is time as such: what is leased, delayed or remembered by then is that much older,
 * once for all who use the topic. Thread-safe.
 */
final class MovedClock {

    /** Two clocks cannot be read at the same moment. */
    private static final long GRAIN_MILLIS = 500;

    private final InstantSource clock;
    private final boolean isSystem;
    private final String schema;
    private Runnable listener = () -> {};
    private boolean started;
    private long atFirst;
    private long moved;

    MovedClock(InstantSource clock, String schema) {
        this.clock = clock;
        this.isSystem = clock.equals(InstantSource.system());
        this.schema = schema;
    }

    /** Whether it never is. */
    boolean isSystem() {
        return isSystem;
    }

    /** Whom to tell that time has passed. */
    synchronized void tell(Runnable newListener) {
        listener = newListener;
    }

    /** Lets the time pass in the topic by which the clock was put forward. */
    synchronized void catchUp(Connection connection) throws SQLException {
        if (isSystem) {
            return;
        }
        if (!started) {
            atFirst = ahead() - alreadyMoved(connection);
            moved = ahead() - atFirst;
            started = true;
        }
        long now = Math.round((ahead() - atFirst) / (double) GRAIN_MILLIS) * GRAIN_MILLIS;
        if (now > moved) {
            moved = now;
            pass(connection, now);
            listener.run();
        }
    }

    private long ahead() {
        return Duration.between(Instant.now(), clock.instant()).toMillis();
    }

    private long alreadyMoved(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT moved_millis FROM " + schema + ".slackline")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Who comes second finds that it was done. */
    private void pass(Connection connection, long to) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                WITH before AS (SELECT moved_millis FROM $.slackline FOR UPDATE),
                passed AS (UPDATE $.slackline s SET moved_millis = ? FROM before b WHERE b.moved_millis < ?
                  RETURNING (s.moved_millis - b.moved_millis) * interval '1 millisecond' AS by),
                forgotten AS (UPDATE $.seen e SET at = e.at - p.by FROM passed p)
                UPDATE $.held h SET due = h.due - p.by FROM passed p WHERE h.due IS NOT NULL""".replace("$", schema))) {
            statement.setLong(1, to);
            statement.setLong(2, to);
            statement.executeUpdate();
        }
    }
}
