package dev.slackline.backend.sqlite;

import dev.slackline.queue.Delivery;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What members have asked for and not got. A demand waits here until a transaction has something for it, so that a
 * message is stored and lent in one. Thread-safe.
 */
final class Waiting {

    /** One member asks; how much, it says when it is served. */
    record Demand(SqliteMember member, CompletableFuture<List<Delivery>> result) {}

    /** What a transaction has for a demand, if it commits. */
    record Served(Demand demand, List<Delivery> deliveries) {}

    private final Deque<Demand> demands = new ArrayDeque<>();
    private boolean fresh;

    synchronized CompletableFuture<List<Delivery>> add(SqliteMember member) {
        Demand demand = new Demand(member, new CompletableFuture<>());
        demands.add(demand);
        fresh = true;
        return demand.result();
    }

    /** The member has left: it gets nothing. */
    void remove(SqliteMember member) {
        List<Demand> removed = new ArrayList<>();
        synchronized (this) {
            demands.removeIf(demand -> demand.member() == member && removed.add(demand));
        }
        removed.forEach(demand -> demand.result().complete(List.of()));
    }

    /** Whether somebody has asked since the last transaction. */
    synchronized boolean isFresh() {
        return fresh;
    }

    synchronized boolean isEmpty() {
        return demands.isEmpty();
    }

    /** The groups for which somebody waits. */
    synchronized Set<String> groups() {
        Set<String> groups = new HashSet<>();
        demands.forEach(demand -> groups.add(demand.member().group()));
        return groups;
    }

    /** Leases for those who wait, first come first served. */
    List<Served> serve(Transaction tx, Leasing leasing) throws SQLException {
        List<Served> served = new ArrayList<>();
        Set<String> exhausted = new HashSet<>();
        for (Demand demand : snapshot()) {
            GroupRow group = tx.group(demand.member().group());
            if (group != null && !exhausted.contains(group.name)) {
                int max = demand.member().demand();
                List<Delivery> deliveries = leasing.lease(tx, group, max);
                if (deliveries.size() < max) {
                    exhausted.add(group.name);
                }
                if (!deliveries.isEmpty()) {
                    served.add(new Served(demand, deliveries));
                }
            }
        }
        return served;
    }

    /**
     * The transaction is on disk: hands out, and gives back what was for a member that has left meanwhile.
     *
     * @return how many deliveries it was
     */
    int handOut(List<Served> served) {
        int deliveries = 0;
        synchronized (this) {
            served.forEach(each -> demands.remove(each.demand()));
        }
        for (Served each : served) {
            deliveries += each.deliveries().size();
            if (each.demand().result().complete(each.deliveries())) {
                each.demand().member().askAgain();
            } else {
                each.deliveries().forEach(Delivery::release);
            }
        }
        return deliveries;
    }

    /** Those who wait cannot be served. */
    void fail(Throwable cause) {
        Collection<Demand> failed;
        synchronized (this) {
            failed = List.copyOf(demands);
            demands.clear();
        }
        failed.forEach(demand -> demand.result().completeExceptionally(cause));
    }

    private synchronized List<Demand> snapshot() {
        fresh = false;
        return List.copyOf(demands);
    }
}
