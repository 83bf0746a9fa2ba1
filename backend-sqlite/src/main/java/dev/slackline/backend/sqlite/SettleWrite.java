package dev.slackline.backend.sqlite;

import dev.slackline.queue.QueueException;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * Changes a lease, if it is still held: each effect is fenced by the token.
 *
 * @param <T> how its caller is told whether it was
 */
final class SettleWrite<T> extends Write<T> {

    /** What is done with the lease. */
    @FunctionalInterface
    interface Effect {
        /** Does it, and tells, before the transaction commits, whether the lease was still held. */
        void apply(Transaction tx, Lease lease, Consumer<Boolean> held) throws SQLException;
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
    void run(Transaction tx) throws SQLException {
        effect.apply(tx, lease, isHeld -> tell(isHeld ? held : lost));
    }

    @Override
    void gaveUp() {
        gaveUp.run();
    }

    @Override
    QueueException failure(Throwable cause) {
        return failures.consume("not settled: " + failures.describe(cause), Failures.retryable(cause), cause);
    }

    static void ack(Transaction tx, Lease lease, Consumer<Boolean> held) {
        tx.acks().add(lease, held);
    }

    static Effect retry(long delayMillis) {
        return (tx, lease, held) -> held.accept(tx.db.update(
                        "UPDATE delivery SET due = ?, token = NULL, attempt = attempt + 1" + HELD,
                        tx.now + delayMillis,
                        lease.groupId(),
                        lease.seq(),
                        lease.token())
                > 0);
    }

    static void release(Transaction tx, Lease lease, Consumer<Boolean> held) throws SQLException {
        held.accept(tx.db.update(
                        "UPDATE delivery SET due = 0, token = NULL" + HELD, lease.groupId(), lease.seq(), lease.token())
                > 0);
    }

    static void renew(Transaction tx, Lease lease, Consumer<Boolean> held) throws SQLException {
        held.accept(tx.db.update(
                        "UPDATE delivery SET due = ?" + HELD,
                        tx.now + tx.queue.lease().toMillis(),
                        lease.groupId(),
                        lease.seq(),
                        lease.token())
                > 0);
    }

    static Effect bury(String reason) {
        return (tx, lease, held) -> {
            boolean isHeld =
                    tx.db.number("SELECT 1 FROM delivery" + HELD, lease.groupId(), lease.seq(), lease.token()) != null;
            if (isHeld) {
                tx.db.update(
                        "INSERT INTO dead (group_id, seq, deaths, " + StoredMessage.COLUMNS + ") SELECT ?, seq, ?, "
                                + StoredMessage.COLUMNS + " FROM message WHERE seq = ?",
                        lease.groupId(),
                        Deaths.add(lease.deaths(), tx.now, lease.attempt(), reason),
                        lease.seq());
                ack(tx, lease, held);
            } else {
                held.accept(false);
            }
        };
    }
}
