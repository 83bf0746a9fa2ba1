package dev.slackline.backend.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done with the dead letters of a group, each within a transaction. */
final class Graveyard {

    private final String group;
    private final Failures failures;

    Graveyard(String group, Failures failures) {
        this.group = group;
        this.failures = failures;
    }

    /** What is done with one dead letter. */
    @FunctionalInterface
    interface Work {
        void apply(Transaction tx, long groupId, long n) throws SQLException;
    }

    /** Does it to the dead letters of these message ids. @return to how many */
    int each(Transaction tx, Collection<String> ids, Work work) throws SQLException {
        GroupRow row = declared(tx);
        int done = 0;
        for (String id : ids) {
            List<Long> found = numbers(tx, "SELECT n FROM dead WHERE group_id = ? AND id = ? ORDER BY n", row.id, id);
            for (long n : found) {
                work.apply(tx, row.id, n);
            }
            done += found.size();
        }
        return done;
    }

    /** Does it to the oldest dead letters, up to the numbered one and so many. @return to how many */
    int oldest(Transaction tx, long last, int limit, Work work) throws SQLException {
        GroupRow row = declared(tx);
        List<Long> found =
                numbers(tx, "SELECT n FROM dead WHERE group_id = ? AND n <= ? ORDER BY n LIMIT ?", row.id, last, limit);
        for (long n : found) {
            work.apply(tx, row.id, n);
        }
        return found.size();
    }

    /** The number of the last one to die; 0 if there is none. */
    long last(Transaction tx) throws SQLException {
        return tx.db.count("SELECT max(n) FROM dead WHERE group_id = ?", declared(tx).id);
    }

    static void drop(Transaction tx, long groupId, long n) throws SQLException {
        tx.db.update("DELETE FROM dead WHERE n = ?", n);
    }

    /** With a fresh attempt budget. */
    static void replay(Transaction tx, long groupId, long n) throws SQLException {
        replay(tx, groupId, n, 1);
    }

    /** Back to its group alone: under its old number every cursor has passed it. */
    static void replay(Transaction tx, long groupId, long n, int attempt) throws SQLException {
        tx.db.update(
                "INSERT OR IGNORE INTO message (seq, " + StoredMessage.COLUMNS + ") SELECT seq, "
                        + StoredMessage.COLUMNS + " FROM dead WHERE n = ?",
                n);
        tx.db.update(
                "INSERT INTO delivery (group_id, seq, due, attempt, ordering_key, deaths)"
                        + " SELECT group_id, seq, CASE WHEN ordering_key IS NOT NULL AND EXISTS (SELECT 1 FROM delivery d"
                        + " WHERE d.group_id = dead.group_id AND d.ordering_key = dead.ordering_key)"
                        + " THEN NULL ELSE 0 END, ?, ordering_key, deaths FROM dead WHERE n = ?",
                attempt,
                n);
        drop(tx, groupId, n);
    }

    private GroupRow declared(Transaction tx) {
        GroupRow row = tx.group(group);
        if (row == null) {
            throw failures.undeclared(group);
        }
        return row;
    }

    private static List<Long> numbers(Transaction tx, String sql, @Nullable Object... arguments) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        try (ResultSet row = tx.db.query(sql, arguments)) {
            while (row.next()) {
                numbers.add(row.getLong(1));
            }
        }
        return numbers;
    }
}
