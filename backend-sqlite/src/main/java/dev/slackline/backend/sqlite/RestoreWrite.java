package dev.slackline.backend.sqlite;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes over a message from another backend, for one group. It is buried first and, if it is to wait, replayed at once: that
 * is how a message gets into one group alone.
 */
final class RestoreWrite extends Write<Boolean> {

    /** Its attempt, if it died: it has none. */
    private static final int DEAD = 0;

    /** What no message id holds, and so tells what is remembered here from the ids of messages. */
    private static final String MARK = "\u0001";

    private static final String AFTER_MARK = "\u0002";

    private final String group;
    private final Message message;
    private final int attempt;
    private final String deaths;
    private final PublishWrite asPublished;
    private final Failures failures;

    private RestoreWrite(String group, Message message, int attempt, List<Death> deaths, Failures failures) {
        this.group = group;
        this.message = message;
        this.attempt = attempt;
        this.deaths = Deaths.write(deaths);
        this.asPublished = new PublishWrite(message, failures);
        this.failures = failures;
    }

    static RestoreWrite waiting(String group, Message message, int attempt, List<Death> deaths, Failures failures) {
        return new RestoreWrite(group, message, Math.max(1, attempt), deaths, failures);
    }

    static RestoreWrite dead(String group, DeadLetter letter, Failures failures) {
        return new RestoreWrite(group, letter.message(), DEAD, letter.deaths(), failures);
    }

    @Override
    void run(Transaction tx) throws SQLException {
        GroupRow row = tx.group(group);
        if (row == null) {
            throw failures.undeclared(group);
        }
        if (attempt == DEAD ? isDead(tx, row.id) : waits(tx, row.id)) {
            tell(false);
            return;
        }
        asPublished.takeRoom(tx);
        long n = bury(tx, row.id);
        if (attempt != DEAD) {
            Graveyard.replay(tx, row.id, n, attempt);
            remember(tx, seq(n));
        }
        tell(true);
    }

    private long bury(Transaction tx, long groupId) throws SQLException {
        tx.db.update(
                "INSERT INTO dead (group_id, seq, deaths, " + StoredMessage.COLUMNS
                        + ") VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?)",
                groupId,
                deaths,
                message.publishedAt().toEpochMilli(),
                message.id(),
                message.key(),
                message.orderingKey(),
                StoredMessage.headers(message),
                message.payload().bytes());
        long n = tx.db.count("SELECT last_insert_rowid()");
        tx.db.update("UPDATE dead SET seq = ? WHERE n = ?", seq(n), n);
        return n;
    }

    /** In the order of restoring, never given out twice, and behind every cursor. */
    private static long seq(long n) {
        return Schema.FIRST_RESTORED + n;
    }

    private boolean isDead(Transaction tx, long groupId) throws SQLException {
        return tx.db.number("SELECT 1 FROM dead WHERE group_id = ? AND id = ?", groupId, message.id()) != null;
    }

    /** Whether it was taken over before, and is still there. */
    private boolean waits(Transaction tx, long groupId) throws SQLException {
        List<Long> earlier = new ArrayList<>();
        try (ResultSet row =
                tx.db.query("SELECT id FROM seen WHERE id > ? AND id < ?", trace(), trace() + AFTER_MARK)) {
            while (row.next()) {
                earlier.add(Long.parseLong(row.getString(1).substring(trace().length() + 1)));
            }
        }
        for (long seq : earlier) {
            if (tx.db.number("SELECT 1 FROM delivery WHERE group_id = ? AND seq = ?", groupId, seq) != null) {
                return true;
            }
        }
        return false;
    }

    private void remember(Transaction tx, long seq) throws SQLException {
        if (!tx.queue.dedupWindow().isZero()) {
            tx.db.update("INSERT OR REPLACE INTO seen (id, at) VALUES (?, ?)", trace() + MARK + seq, tx.now);
        }
    }

    private String trace() {
        return MARK + group + MARK + message.id();
    }

    @Override
    QueueException failure(Throwable cause) {
        return failures.publish(cause);
    }

    @Override
    int bytes() {
        return asPublished.bytes();
    }
}
