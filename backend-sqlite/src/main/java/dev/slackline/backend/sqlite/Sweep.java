package dev.slackline.backend.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Removes what is no longer needed, a little in each transaction, so that no message pays for many: ids older than the
 * deduplication window, and messages that retention or a dropped group has left behind. Used by the writer's thread.
 */
final class Sweep {

    private static final int MESSAGES_AT_ONCE = 256;
    private static final int IDS_BESIDES = 8;
    private static final Duration RETENTION_CHECK = Duration.ofSeconds(5);

    private final Duration retention;

    /** The ids up to this one were looked at last; it goes round, and to start anew after a restart does no harm. */
    private String seenUpTo = "";

    private long nextRetentionCheck = Long.MIN_VALUE;

    Sweep(Duration retention) {
        this.retention = retention;
    }

    /** Whether retained messages have to be looked at. */
    boolean isDue(long now) {
        return !retention.isZero() && now >= nextRetentionCheck;
    }

    void run(Transaction tx) throws SQLException {
        if (tx.published() > 0) {
            forgetIds(tx, 2 * tx.published() + IDS_BESIDES);
        }
        if (isDue(tx.now)) {
            nextRetentionCheck = tx.now + RETENTION_CHECK.toMillis();
            if (tx.sweepFrom() >= tx.sweepTo()) {
                tx.sweep(Schema.FIRST_RESTORED, tx.nextSeq());
            }
        }
        if (tx.sweepFrom() < tx.sweepTo()) {
            removeMessages(tx);
        }
    }

    /** Looks at so many ids, in their order, and forgets those that are too old. */
    private void forgetIds(Transaction tx, int number) throws SQLException {
        long cutoff = tx.now - tx.queue.dedupWindow().toMillis();
        String from = seenUpTo;
        String to;
        long old;
        try (ResultSet row = tx.db.query(
                "SELECT max(id), sum(at <= ?) FROM (SELECT id, at FROM seen WHERE id > ? ORDER BY id LIMIT ?)",
                cutoff,
                from,
                number)) {
            row.next();
            to = row.getString(1);
            old = row.getLong(2);
        }
        if (old > 0) {
            tx.db.update("DELETE FROM seen WHERE id > ? AND id <= ? AND at <= ?", from, to, cutoff);
        }
        seenUpTo = to == null ? "" : to;
    }

    private void removeMessages(Transaction tx) throws SQLException {
        long cutoff = retention.isZero() ? Long.MAX_VALUE : tx.now - retention.toMillis();
        long from = tx.sweepFrom();
        Long to;
        boolean reachedRetained;
        try (ResultSet row = tx.db.query(
                "SELECT max(seq), min(published_at) FROM"
                        + " (SELECT seq, published_at FROM message WHERE seq >= ? AND seq < ? ORDER BY seq LIMIT ?)",
                from,
                tx.sweepTo(),
                MESSAGES_AT_ONCE)) {
            row.next();
            long last = row.getLong(1);
            to = row.wasNull() ? null : last;
            reachedRetained = row.getLong(2) > cutoff;
        }
        if (to == null || reachedRetained) {
            tx.sweep(0, 0);
            return;
        }
        tx.db.update(
                "DELETE FROM message WHERE seq BETWEEN ? AND ? AND published_at <= ? AND " + Transaction.UNNEEDED,
                from,
                to,
                cutoff);
        tx.sweep(to + 1, tx.sweepTo());
    }
}
