package dev.slackline.backend.sqlite;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lends messages: first those that are due again, then new ones from the cursor on. */
final class Leasing {

    /** How many new messages are looked at in one transaction, so that those blocked by their key do not prolong it. */
    private static final int MAX_SCAN = 1_000;

    private static final String AGAIN =
            "SELECT d.seq, d.token, d.attempt, d.deaths, d.ordering_key, m.published_at, m.id, m.key, m.ordering_key,"
                    + " m.headers, m.payload FROM delivery d JOIN message m ON m.seq = d.seq"
                    + " WHERE d.group_id = ? AND d.due <= ? ORDER BY d.due, d.seq LIMIT ?";

    private static final String NEW =
            "SELECT seq, ordering_key, " + StoredMessage.COLUMNS + " FROM message WHERE seq >= ? ORDER BY seq LIMIT ?";

    private final Writer writer;

    Leasing(Writer writer) {
        this.writer = writer;
    }

    /** At most so many deliveries, leased within this transaction and not to be shown before it is committed. */
    List<Delivery> lease(Transaction tx, GroupRow group, int max) throws SQLException {
        List<Delivery> leased = new ArrayList<>();
        leaseAgain(tx, group, max, leased);
        if (leased.size() < max && group.cursor() < tx.nextSeq()) {
            leaseNew(tx, group, max, leased);
        }
        return leased;
    }

    private void leaseAgain(Transaction tx, GroupRow group, int max, List<Delivery> leased) throws SQLException {
        List<Lease> leases = new ArrayList<>();
        try (ResultSet row = tx.db.query(AGAIN, group.id, tx.now, max)) {
            while (row.next()) {
                long seq = row.getLong(1);
                row.getLong(2);
                boolean expired = !row.wasNull();
                int attempt = row.getInt(3) + (expired ? 1 : 0);
                Lease lease = new Lease(group.id, seq, tx.token, attempt, row.getString(5), row.getString(4));
                leases.add(lease);
                leased.add(delivery(StoredMessage.read(row, 6, seq), lease));
            }
        }
        for (Lease lease : leases) {
            tx.db.update(
                    "UPDATE delivery SET due = ?, token = ?, attempt = ? WHERE group_id = ? AND seq = ?",
                    leaseEnd(tx),
                    lease.token(),
                    lease.attempt(),
                    group.id,
                    lease.seq());
        }
    }

    private void leaseNew(Transaction tx, GroupRow group, int max, List<Delivery> leased) throws SQLException {
        Set<String> passed = new HashSet<>();
        int scanned = 0;
        long cursor = tx.nextSeq();
        try (ResultSet row = tx.db.query(NEW, group.cursor(), MAX_SCAN)) {
            while (leased.size() < max && row.next()) {
                long seq = row.getLong(1);
                String orderingKey = row.getString(2);
                boolean blocked = orderingKey != null && (!passed.add(orderingKey) || isHeld(tx, group, orderingKey));
                insert(tx, group, seq, orderingKey, blocked);
                if (!blocked) {
                    Message message = StoredMessage.read(row, 3, seq);
                    leased.add(delivery(message, new Lease(group.id, seq, tx.token, 1, orderingKey, null)));
                }
                scanned++;
                cursor = seq + 1;
            }
        }
        if (scanned == MAX_SCAN && leased.size() < max) {
            tx.unfinished();
        }
        group.moveTo(scanned == 0 ? tx.nextSeq() : cursor);
    }

    private static void insert(Transaction tx, GroupRow group, long seq, @Nullable String orderingKey, boolean blocked)
            throws SQLException {
        tx.db.update(
                "INSERT INTO delivery (group_id, seq, due, token, attempt, ordering_key) VALUES (?, ?, ?, ?, 1, ?)",
                group.id,
                seq,
                blocked ? null : leaseEnd(tx),
                blocked ? null : tx.token,
                orderingKey);
    }

    private static boolean isHeld(Transaction tx, GroupRow group, String orderingKey) throws SQLException {
        return tx.db.number(
                        "SELECT 1 FROM delivery WHERE group_id = ? AND ordering_key = ? LIMIT 1", group.id, orderingKey)
                != null;
    }

    private static Long leaseEnd(Transaction tx) {
        return tx.now + tx.queue.lease().toMillis();
    }

    private Delivery delivery(Message message, Lease lease) {
        return new SqliteDelivery(message, lease, writer);
    }
}
