package dev.slackline.backend.sqlite;

import dev.slackline.queue.QueueException;
import java.sql.SQLException;

/**
 * Changes a lease, if it is still held: each effect is fenced by the token.
 *
 * @param <T> how its caller is told whether it was
 */
final class SettleWrite<T> extends Write<T> {

    /** What is done with the lease. */
    @FunctionalInterface
    interface Effect {
        /** Does it, and tells whether the lease was still held. */
        boolean apply(Transaction tx, Lease lease) throws SQLException;
    }

    private static final String HELD = " WHERE group_id = ? AND seq = ? AND token = ?";

    private final Lease lease;
    private final Effect effect;
    private final T held;
    private final T lost;
    private final Runnable gaveUp;
    private final Failures failures;

    SettleWrite(Lease lease, Effect effect, T held, T lost, Runnable gaveUp, Failures failures) {
        this.lease = lease;
        this.effect = effect;
        this.held = held;
        this.lost = lost;
        this.gaveUp = gaveUp;
        this.failures = failures;
    }

    @Override
    T run(Transaction tx) throws SQLException {
        return effect.apply(tx, lease) ? held : lost;
    }

    @Override
    void gaveUp() {
        gaveUp.run();
    }

    @Override
    QueueException failure(Throwable cause) {
        return failures.consume("not settled: " + failures.describe(cause), Failures.retryable(cause), cause);
    }

    static boolean ack(Transaction tx, Lease lease) throws SQLException {
        if (tx.db.update("DELETE FROM delivery" + HELD, lease.groupId(), lease.seq(), lease.token()) == 0) {
            return false;
        }
        promoteNext(tx, lease);
        tx.finished(lease.seq());
        return true;
    }

    static Effect retry(long delayMillis) {
        return (tx, lease) -> tx.db.update(
                        "UPDATE delivery SET due = ?, token = NULL, attempt = attempt + 1" + HELD,
                        tx.now + delayMillis,
                        lease.groupId(),
                        lease.seq(),
                        lease.token())
                > 0;
    }

    static boolean release(Transaction tx, Lease lease) throws SQLException {
        return tx.db.update(
                        "UPDATE delivery SET due = 0, token = NULL" + HELD, lease.groupId(), lease.seq(), lease.token())
                > 0;
    }

    static boolean renew(Transaction tx, Lease lease) throws SQLException {
        return tx.db.update(
                        "UPDATE delivery SET due = ?" + HELD,
                        tx.now + tx.queue.lease().toMillis(),
                        lease.groupId(),
                        lease.seq(),
                        lease.token())
                > 0;
    }

    static Effect bury(String reason) {
        return (tx, lease) -> {
            boolean held =
                    tx.db.number("SELECT 1 FROM delivery" + HELD, lease.groupId(), lease.seq(), lease.token()) != null;
            if (held) {
                tx.db.update(
                        "INSERT INTO dead (group_id, seq, deaths, " + StoredMessage.COLUMNS + ") SELECT ?, seq, ?, "
                                + StoredMessage.COLUMNS + " FROM message WHERE seq = ?",
                        lease.groupId(),
                        Deaths.add(lease.deaths(), tx.now, lease.attempt(), reason),
                        lease.seq());
                ack(tx, lease);
            }
            return held;
        };
    }

    /** The next message of the ordering key, if it waits behind this one, may be had now. */
    private static void promoteNext(Transaction tx, Lease lease) throws SQLException {
        if (lease.orderingKey() != null) {
            tx.db.update(
                    "UPDATE delivery SET due = 0 WHERE due IS NULL AND group_id = ? AND seq ="
                            + " (SELECT min(seq) FROM delivery WHERE group_id = ? AND ordering_key = ?)",
                    lease.groupId(),
                    lease.groupId(),
                    lease.orderingKey());
        }
    }
}
