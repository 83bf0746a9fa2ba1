package dev.slackline.backend.sqlite;

import dev.slackline.queue.QueueSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One write transaction: what it has read, and what it still has to write before it commits. */
final class Transaction {

    /** Holds for a message that no group needs. */
    static final String UNNEEDED = """
            NOT EXISTS (
              SELECT 1 FROM consumer_group g WHERE g.cursor <= message.seq
              OR EXISTS (SELECT 1 FROM delivery d WHERE d.group_id = g.id AND d.seq = message.seq))""";

    final Database db;
    final long now;
    final QueueSettings queue;
    final SqliteSettings settings;
    /** Marks every lease of this transaction. */
    final long token = ThreadLocalRandom.current().nextLong();

    private final Map<String, GroupRow> groups = new LinkedHashMap<>();
    private final Acks acks = new Acks();
    private final List<Long> finished = new ArrayList<>();
    private long nextSeq;
    private long firstSeq;
    private long sweepFrom;
    private long sweepTo;
    private List<Long> loadedSweep = List.of();
    private boolean touched;
    private long usedBytes = -1;
    private boolean unfinished;
    private boolean groupsChanged;

    private Transaction(Database db, QueueSettings queue, SqliteSettings settings, long now) {
        this.db = db;
        this.queue = queue;
        this.settings = settings;
        this.now = now;
    }

    /** Takes the write lock, or fails at once if another process has it. */
    static Transaction begin(Database db, QueueSettings queue, SqliteSettings settings, long now) throws SQLException {
        db.update("BEGIN IMMEDIATE");
        Transaction tx = new Transaction(db, queue, settings, now);
        try {
            tx.load();
            return tx;
        } catch (SQLException e) {
            tx.rollback();
            throw e;
        }
    }

    private void load() throws SQLException {
        try (ResultSet row = db.query("SELECT next_seq, sweep_from, sweep_to FROM state")) {
            row.next();
            nextSeq = row.getLong(1);
            firstSeq = nextSeq;
            sweepFrom = row.getLong(2);
            sweepTo = row.getLong(3);
            loadedSweep = List.of(sweepFrom, sweepTo);
        }
        try (ResultSet row = db.query("SELECT id, name, cursor, dense_from FROM consumer_group ORDER BY id")) {
            while (row.next()) {
                String name = row.getString(2);
                groups.put(name, new GroupRow(row.getLong(1), name, row.getLong(3), row.getLong(4)));
            }
        }
    }

    Collection<GroupRow> groups() {
        return groups.values();
    }

    @Nullable
    GroupRow group(String name) {
        return groups.get(name);
    }

    void declared(String name, long cursor, long denseFrom) throws SQLException {
        groups.put(name, new GroupRow(db.count("SELECT last_insert_rowid()"), name, cursor, denseFrom));
        groupsChanged = true;
    }

    void dropped(String name) {
        groups.remove(name);
        groupsChanged = true;
    }

    /** The acknowledgements that were gathered. */
    Acks acks() {
        return acks;
    }

    /** The number that the next message will have. */
    long nextSeq() {
        return nextSeq;
    }

    long takeSeq() {
        return nextSeq++;
    }

    int published() {
        return (int) (nextSeq - firstSeq);
    }

    /** A group has settled this message for good; it goes with the transaction unless somebody needs it. */
    void finished(long seq) {
        finished.add(seq);
    }

    /** Whether so many more bytes would exceed {@code SQLITE_MAX_SIZE}. Pages that were freed count as free. */
    boolean wouldExceed(long bytes) throws SQLException {
        if (settings.maxSize() == 0) {
            return false;
        }
        if (usedBytes < 0) {
            long pages = db.count("PRAGMA page_count") - db.count("PRAGMA freelist_count");
            usedBytes = pages * db.count("PRAGMA page_size");
        }
        return usedBytes + bytes > settings.maxSize();
    }

    void used(long bytes) {
        if (usedBytes >= 0) {
            usedBytes += bytes;
        }
    }

    /** There is more to do at once, in a further transaction. */
    void unfinished() {
        unfinished = true;
    }

    boolean isUnfinished() {
        return unfinished || sweepFrom < sweepTo;
    }

    long sweepFrom() {
        return sweepFrom;
    }

    long sweepTo() {
        return sweepTo;
    }

    void sweep(long from, long to) {
        sweepFrom = from;
        sweepTo = to;
    }

    /** Makes sure that it writes something, to see whether that works. */
    void touch() {
        touched = true;
    }

    /** Writes what was gathered and commits. */
    void commit() throws SQLException {
        acks.write(this);
        for (GroupRow group : groups.values()) {
            if (group.moved()) {
                db.update("UPDATE consumer_group SET cursor = ? WHERE id = ?", group.cursor(), group.id);
            }
        }
        if (settings.retention().isZero()) {
            removeFinished();
        }
        if (touched || nextSeq != firstSeq || !loadedSweep.equals(List.of(sweepFrom, sweepTo))) {
            db.update("UPDATE state SET next_seq = ?, sweep_from = ?, sweep_to = ?", nextSeq, sweepFrom, sweepTo);
        }
        db.update("COMMIT");
    }

    void rollback() {
        try {
            db.update("ROLLBACK");
        } catch (SQLException e) {
            // nothing is open: SQLite rolls back by itself after some failures
        }
    }

    /** Neighbours go with one statement, and what the only group there was has settled goes without a question. */
    private void removeFinished() throws SQLException {
        Collections.sort(finished);
        int i = 0;
        while (i < finished.size()) {
            long from = finished.get(i);
            long to = from;
            for (i++; i < finished.size() && finished.get(i) <= to + 1; i++) {
                to = finished.get(i);
            }
            if (groups.size() == 1 && !groupsChanged) {
                db.update("DELETE FROM message WHERE seq BETWEEN ? AND ?", from, to);
            } else {
                db.update("DELETE FROM message WHERE seq BETWEEN ? AND ? AND " + UNNEEDED, from, to);
            }
        }
    }
}
