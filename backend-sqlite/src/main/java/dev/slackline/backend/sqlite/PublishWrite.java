package dev.slackline.backend.sqlite;

import dev.slackline.queue.Message;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.QueueException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Stores a message once for all groups. */
final class PublishWrite extends Write<Void> {

    /** What a row takes up besides its payload: the other columns, the remembered id, the trees. */
    private static final int OVERHEAD = 300;

    private final Message message;
    private final @Nullable String headers;
    private final Failures failures;

    PublishWrite(Message message, Failures failures) {
        this.message = message;
        this.headers = StoredMessage.headers(message);
        this.failures = failures;
    }

    @Override
    void run(Transaction tx) throws SQLException {
        if (tx.groups().isEmpty()) {
            throw failures.publish(
                    "not stored: no group is declared, so nobody would ever get this message; declare one",
                    false,
                    null);
        }
        long window = tx.queue.dedupWindow().toMillis();
        if (tx.wouldExceed(bytes())) {
            requireStored(tx, tx.now - window);
            return;
        }
        boolean isNew = window == 0
                || tx.db.update(
                                "INSERT INTO seen (id, at) VALUES (?, ?)"
                                        + " ON CONFLICT (id) DO UPDATE SET at = excluded.at WHERE at <= ?",
                                message.id(),
                                tx.now,
                                tx.now - window)
                        > 0;
        if (isNew) {
            tx.used(bytes());
            tx.db.update(
                    "INSERT INTO message (seq, " + StoredMessage.COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?)",
                    tx.takeSeq(),
                    message.publishedAt().toEpochMilli(),
                    message.id(),
                    message.key(),
                    message.orderingKey(),
                    headers,
                    message.payload().bytes());
        }
    }

    /** Makes sure that there is room for it. */
    void takeRoom(Transaction tx) throws SQLException {
        if (tx.wouldExceed(bytes())) {
            throw full(tx);
        }
        tx.used(bytes());
    }

    @Override
    QueueException failure(Throwable cause) {
        return failures.publish(cause);
    }

    @Override
    int bytes() {
        return message.payload().size() + OVERHEAD;
    }

    /** No room for it: still a duplicate is none to be refused. */
    private void requireStored(Transaction tx, long cutoff) throws SQLException {
        if (tx.db.number("SELECT 1 FROM seen WHERE id = ? AND at > ?", message.id(), cutoff) == null) {
            throw full(tx);
        }
    }

    private PublishException full(Transaction tx) {
        return failures.publish(
                "not stored: the messages that wait take up all of " + SqliteSettings.MAX_SIZE.name() + "="
                        + tx.settings.maxSize() + " bytes; let consumers catch up, or raise it",
                true,
                null);
    }
}
