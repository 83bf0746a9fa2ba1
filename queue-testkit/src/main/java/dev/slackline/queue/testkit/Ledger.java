package dev.slackline.queue.testkit;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Settlement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was promised and what was kept (rule R2): which messages were confirmed, and what became of each in every group
 * that was declared before it was published. At the end every confirmed message must be acknowledged, a dead letter or
 * still readable, and none may have come again after its acknowledgement was confirmed. Thread-safe.
 */
public final class Ledger {

    /** How a delivery was settled. */
    public enum Outcome {
        /** Acknowledged. */
        ACK,
        /** To come again after a failure. */
        RETRY,
        /** Given up. */
        DEAD_LETTER,
        /** Given back unprocessed. */
        RELEASE
    }

    private final Set<String> declared = new LinkedHashSet<>();
    private final Map<String, Set<String>> promised = new LinkedHashMap<>();
    private final Set<String> confirmed = new LinkedHashSet<>();
    private final Map<String, Map<String, History>> histories = new HashMap<>();
    private final Set<Delivery> held = new LinkedHashSet<>();
    private final List<String> violations = new ArrayList<>();
    private int duplicates;
    private int uncertain;
    private int allowedDuplicates;
    private boolean ackedMayRepeat;

    /** The group exists: it must get what is published from here on. */
    public synchronized void declared(String group) {
        declared.add(group);
    }

    /** The group is forgotten, and what waited for it. */
    public synchronized void dropped(String group) {
        declared.remove(group);
        promised.values().forEach(groups -> groups.remove(group));
        histories.remove(group);
    }

    /** A publish begins. */
    public synchronized void publishing(String id) {
        promised.computeIfAbsent(id, unused -> new HashSet<>()).addAll(declared);
    }

    /** A publish was confirmed: from here on the message must not be lost. */
    public synchronized void confirmed(String id) {
        promised.computeIfAbsent(id, unused -> new HashSet<>(declared));
        confirmed.add(id);
    }

    /** A message was taken over for one group, and must not be lost there. */
    public synchronized void restored(String group, String id) {
        promised.computeIfAbsent(id, unused -> new HashSet<>()).add(group);
        confirmed.add(id);
    }

    /** A member of the group was handed a delivery. */
    public synchronized void delivered(String group, Delivery delivery) {
        held.add(delivery);
        delivered(group, delivery.message().id(), delivery.attempt());
    }

    /** A member of the group was handed a delivery, maybe in another process. */
    public synchronized void delivered(String group, String id, int attempt) {
        History history = history(group, id);
        if (history.acked && !history.mayRepeat && ackedMayRepeat) {
            duplicates++;
        } else if (history.acked && !history.mayRepeat) {
            violations.add("message " + id + " came to group " + group + " after its acknowledgement was confirmed");
        } else if (attempt <= history.lastAttempt && !history.mayRepeat) {
            duplicates++;
        }
        history.lastAttempt = attempt;
        history.mayRepeat = false;
    }

    /** A settlement was confirmed. */
    public synchronized void settled(String group, Delivery delivery, Outcome outcome, Settlement settlement) {
        held.remove(delivery);
        if (settlement == Settlement.SETTLED) {
            settled(group, delivery.message().id(), outcome);
        }
    }

    /** A settlement was confirmed and took effect, maybe in another process. */
    public synchronized void settled(String group, String id, Outcome outcome) {
        History history = history(group, id);
        history.acked |= outcome == Outcome.ACK;
        history.mayRepeat |= outcome == Outcome.RELEASE;
    }

    /**
     * Whether it was acknowledged is not known: who did it was killed, or lost the connection, in the middle of that. It
     * may be gone, and it may come again.
     */
    public synchronized void maybeAcknowledged(String group, String id) {
        History history = history(group, id);
        uncertain += history.acked ? 0 : 1;
        history.acked = true;
        history.mayRepeat = true;
    }

    /** An acknowledgement failed: a fault where the broker was left alone, and not known to be taken where it was not. */
    synchronized void acknowledgementFailed(String group, String id) {
        if (ackedMayRepeat) {
            maybeAcknowledged(group, id);
        }
    }

    /** Of how many it is not known whether they were acknowledged. */
    public synchronized int uncertain() {
        return uncertain;
    }

    /** It may come again without a failure: it is being given back, was replayed, or is published anew. */
    public synchronized void mayRepeat(String group, String id) {
        history(group, id).mayRepeat = true;
    }

    /** Allows so many duplicates: a delivery that came again without a failure in between. Zero unless said. */
    public synchronized void allowDuplicates(int bound) {
        allowedDuplicates = bound;
    }

    /**
     * From here on a message that comes again after its acknowledgement is a duplicate, to be counted and bounded, and
     * not a fault: a broker that is killed, or whose connection is lost, may have stored it twice, or forget what it was
     * told last.
     */
    public synchronized void ackedMayRepeat() {
        ackedMayRepeat = true;
    }

    /** How many deliveries came again without a failure, a release or a replay in between. */
    public synchronized int duplicates() {
        return duplicates;
    }

    /** The confirmed messages. */
    public synchronized Set<String> confirmed() {
        return new LinkedHashSet<>(confirmed);
    }

    /** The confirmed messages that the group was promised and has not acknowledged. */
    public synchronized Set<String> unacknowledged(String group) {
        Set<String> ids = new TreeSet<>();
        promised.forEach((id, groups) -> {
            if (confirmed.contains(id) && groups.contains(group) && !history(group, id).acked) {
                ids.add(id);
            }
        });
        return ids;
    }

    /** The groups that are declared, as far as this ledger was told. */
    public synchronized Set<String> groups() {
        return new LinkedHashSet<>(declared);
    }

    /** What was handed out and not settled. */
    public synchronized List<Delivery> held() {
        return List.copyOf(held);
    }

    /**
     * Checks everything but loss, for which the backend must be read.
     *
     * @throws AssertionError if a message came after its acknowledgement, or there are more duplicates than allowed
     */
    public synchronized void check() {
        if (!violations.isEmpty()) {
            throw new AssertionError("ledger: " + violations.size() + " violations, the first: " + violations.get(0));
        }
        if (duplicates > allowedDuplicates) {
            throw new AssertionError("ledger: " + duplicates + " duplicates, allowed are " + allowedDuplicates);
        }
    }

    @Override
    public synchronized String toString() {
        long deliveries = histories.values().stream().mapToLong(Map::size).sum();
        return "Ledger[confirmed=" + confirmed.size() + ", delivered=" + deliveries + ", duplicates=" + duplicates
                + "]";
    }

    private History history(String group, String id) {
        return histories.computeIfAbsent(group, unused -> new HashMap<>()).computeIfAbsent(id, unused -> new History());
    }

    /** What became of one message in one group. */
    private static final class History {
        int lastAttempt;
        boolean mayRepeat;
        boolean acked;
    }
}
