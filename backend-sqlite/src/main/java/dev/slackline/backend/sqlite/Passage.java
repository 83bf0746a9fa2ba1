package dev.slackline.backend.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A group passes messages in their order: each is lent, or blocked. Neighbours of one fate are written with one statement. */
final class Passage {

    private record Run(long first, long last, boolean blocked) {}

    private final Transaction tx;
    private final GroupRow group;
    private final List<Run> runs = new ArrayList<>();

    Passage(Transaction tx, GroupRow group) {
        this.tx = tx;
        this.group = group;
    }

    /** Passes the next message. */
    void add(long seq, boolean blocked) {
        int end = runs.size() - 1;
        if (end >= 0 && runs.get(end).blocked() == blocked) {
            runs.set(end, new Run(runs.get(end).first(), seq, blocked));
        } else {
            runs.add(new Run(seq, seq, blocked));
        }
    }

    /** The number of the message that was passed last. */
    long last() {
        return runs.get(runs.size() - 1).last();
    }

    void write() throws SQLException {
        for (Run run : runs) {
            tx.db.update(
                    "INSERT INTO delivery (group_id, seq, due, token, attempt, ordering_key)"
                            + " SELECT ?, seq, ?, ?, 1, ordering_key FROM message WHERE seq BETWEEN ? AND ?",
                    group.id,
                    run.blocked() ? null : Leasing.leaseEnd(tx),
                    run.blocked() ? null : tx.token,
                    run.first(),
                    run.last());
        }
    }
}
