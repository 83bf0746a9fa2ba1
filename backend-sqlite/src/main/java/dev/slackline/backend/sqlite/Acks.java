package dev.slackline.backend.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The acknowledgements of one transaction. Those of messages that were lent together, and so bear one token, go with one
 * statement: of the statements of a consumer, these would be the most.
 */
final class Acks {

    /** One acknowledgement, and who is told whether the lease was still held. */
    private record Ack(Lease lease, Consumer<Boolean> held) {}

    /** What tells the leases of one lending to one group from all others. */
    private record Lending(long groupId, long token) {}

    private static final String BETWEEN = " FROM delivery WHERE group_id = ? AND seq BETWEEN ? AND ? AND token = ?";

    private final Map<Lending, List<Ack>> gathered = new LinkedHashMap<>();

    void add(Lease lease, Consumer<Boolean> held) {
        gathered.computeIfAbsent(new Lending(lease.groupId(), lease.token()), lending -> new ArrayList<>())
                .add(new Ack(lease, held));
    }

    /** Writes what was gathered, and lets through the messages that waited behind the acknowledged ones. */
    void write(Transaction tx) throws SQLException {
        for (Map.Entry<Lending, List<Ack>> each : gathered.entrySet()) {
            List<Ack> acks = each.getValue();
            acks.sort(Comparator.comparingLong(ack -> ack.lease().seq()));
            if (acks.size() == 1 || !together(tx, each.getKey(), acks)) {
                for (Ack ack : acks) {
                    done(tx, ack, delete(tx, each.getKey(), ack, ack) > 0);
                }
            }
        }
        gathered.clear();
    }

    /** Deletes everything between the first and the last, if exactly these are there. */
    private static boolean together(Transaction tx, Lending lending, List<Ack> acks) throws SQLException {
        Ack first = acks.get(0);
        Ack last = acks.get(acks.size() - 1);
        long there = tx.db.count(
                "SELECT count(*)" + BETWEEN,
                lending.groupId(),
                first.lease().seq(),
                last.lease().seq(),
                lending.token());
        if (there != acks.size()) {
            return false;
        }
        delete(tx, lending, first, last);
        for (Ack ack : acks) {
            done(tx, ack, true);
        }
        return true;
    }

    private static int delete(Transaction tx, Lending lending, Ack first, Ack last) throws SQLException {
        return tx.db.update(
                "DELETE" + BETWEEN,
                lending.groupId(),
                first.lease().seq(),
                last.lease().seq(),
                lending.token());
    }

    private static void done(Transaction tx, Ack ack, boolean wasHeld) throws SQLException {
        if (wasHeld) {
            promoteNext(tx, ack.lease());
            tx.finished(ack.lease().seq());
        }
        ack.held().accept(wasHeld);
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
