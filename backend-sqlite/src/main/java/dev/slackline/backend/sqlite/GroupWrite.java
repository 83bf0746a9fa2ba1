package dev.slackline.backend.sqlite;

import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Administers a group.
 *
 * @param <T> what it tells its caller
 */
final class GroupWrite<T> extends Write<T> {

    /** What is done. */
    @FunctionalInterface
    interface Work<T> {
        @Nullable
        T run(Transaction tx) throws SQLException;
    }

    private final Work<T> work;
    private final Failures failures;

    GroupWrite(Work<T> work, Failures failures) {
        this.work = work;
        this.failures = failures;
    }

    @Override
    void run(Transaction tx) throws SQLException {
        tx.acks().write(tx); // those that came before it
        tell(work.run(tx));
    }

    @Override
    QueueException failure(Throwable cause) {
        return failures.consume(cause);
    }

    /** Makes the group exist. */
    static @Nullable Void declare(Transaction tx, String name) throws SQLException {
        if (tx.group(name) != null) {
            return null;
        }
        long cursor = tx.nextSeq();
        long denseFrom = cursor;
        if (tx.queue.groupStart() == QueueSettings.Start.EARLIEST) {
            // what some group has not come to yet is there without a gap; before that, only some are left
            denseFrom = tx.groups().stream()
                    .mapToLong(group -> Math.max(group.cursor(), group.denseFrom))
                    .min()
                    .orElse(cursor);
            Long first = tx.db.number("SELECT min(seq) FROM message WHERE seq > 0");
            cursor = first == null ? denseFrom : Math.min(first, denseFrom);
        }
        tx.db.update(
                "INSERT INTO consumer_group (name, cursor, dense_from, consumed_at) VALUES (?, ?, ?, ?)",
                name,
                cursor,
                denseFrom,
                tx.now);
        tx.declared(name, cursor, denseFrom);
        return null;
    }

    /** Forgets the group and what waits for it. */
    static @Nullable Void drop(Transaction tx, String name) throws SQLException {
        GroupRow group = tx.group(name);
        if (group != null) {
            tx.db.update("DELETE FROM delivery WHERE group_id = ?", group.id);
            tx.db.update("DELETE FROM dead WHERE group_id = ?", group.id);
            tx.db.update("DELETE FROM member WHERE group_id = ?", group.id);
            tx.db.update("DELETE FROM consumer_group WHERE id = ?", group.id);
            tx.dropped(name);
            tx.sweep(Schema.FIRST_RESTORED, tx.nextSeq());
        }
        return null;
    }
}
