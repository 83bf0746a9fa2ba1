package dev.slackline.backend.sqlite;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Lends messages: first those that are due again, then new ones from the cursor on. */
final class Leasing {

    /** How many new messages are looked at in one transaction, so that those blocked by their key do not prolong it. */
    private static final int MAX_SCAN = 1_000;

    private static final String AGAIN =
            "SELECT d.seq, d.token, d.attempt, d.deaths, d.ordering_key, m.published_at, m.id, m.key, m.ordering_key,"
                    + " m.headers, m.payload FROM delivery d JOIN message m ON m.seq = d.seq"
                    + " WHERE d.group_id = ? AND d.due <= ? ORDER BY d.due, d.seq LIMIT ?";

    private static final String NEW = "SELECT seq, ordering_key, " + StoredMessage.COLUMNS
            + ", EXISTS (SELECT 1 FROM delivery d WHERE d.group_id = ? AND d.ordering_key = message.ordering_key)"
            + " FROM message WHERE seq >= ? ORDER BY seq LIMIT ?";

    private static final String LEND_AGAIN =
            "UPDATE delivery SET due = ?, token = ?, attempt = attempt + (token IS NOT NULL) WHERE group_id = ?";

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
        if (leases.isEmpty()) {
            return;
        }
        if (leases.size() < max) { // all that were due
            tx.db.update(LEND_AGAIN + " AND due <= ?", leaseEnd(tx), tx.token, group.id, tx.now);
            return;
        }
        for (Lease lease : leases) {
            tx.db.update(LEND_AGAIN + " AND seq = ?", leaseEnd(tx), tx.token, group.id, lease.seq());
        }
    }

    private void leaseNew(Transaction tx, GroupRow group, int max, List<Delivery> leased) throws SQLException {
        Set<String> passed = new HashSet<>();
        Passage passage = new Passage(tx, group);
        int scanned = 0;
        try (ResultSet row = tx.db.query(NEW, group.id, group.cursor(), MAX_SCAN)) {
            while (leased.size() < max && row.next()) {
                long seq = row.getLong(1);
                String orderingKey = row.getString(2);
                boolean blocked = orderingKey != null && (!passed.add(orderingKey) || row.getInt(9) != 0);
                passage.add(seq, blocked);
                if (!blocked) {
                    Message message = StoredMessage.read(row, 3, seq);
                    leased.add(delivery(message, new Lease(group.id, seq, tx.token, 1, orderingKey, null)));
                }
                scanned++;
            }
        }
        passage.write();
        if (scanned == MAX_SCAN && leased.size() < max) {
            tx.unfinished();
        }
        group.moveTo(scanned == 0 ? tx.nextSeq() : passage.last() + 1);
    }

    private Delivery delivery(Message message, Lease lease) {
        return new SqliteDelivery(message, lease, writer);
    }

    static long leaseEnd(Transaction tx) {
        return tx.now + tx.queue.lease().toMillis();
    }
}
