package dev.slackline.backend.sqlite;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The members of this process, and the rows by which other processes know of them: rewritten every ten seconds and when
 * somebody joins or leaves, not believed after thirty. Thread-safe.
 */
final class Members {

    static final Duration BELIEVED = Duration.ofSeconds(30);
    private static final Duration BEAT = Duration.ofSeconds(10);

    private final String process = UUID.randomUUID().toString();
    private final Map<String, Set<SqliteMember>> byGroup = new HashMap<>();
    private long changes;
    private long changesWriting;
    private long changesWritten;
    private long lastBeat = Long.MIN_VALUE;

    synchronized void join(SqliteMember member) {
        byGroup.computeIfAbsent(member.group(), group -> new HashSet<>()).add(member);
        changes++;
    }

    synchronized void leave(SqliteMember member) {
        byGroup.getOrDefault(member.group(), Set.of()).remove(member);
        changes++;
        notifyAll();
    }

    synchronized int count(String group) {
        return byGroup.getOrDefault(group, Set.of()).size();
    }

    String process() {
        return process;
    }

    /** Whether the rows have to be written. */
    synchronized boolean isDue(long now) {
        return changes != changesWritten
                || (!byGroup.isEmpty() && (now - lastBeat >= BEAT.toMillis() || now < lastBeat));
    }

    /** Writes the rows if they have to be. */
    void write(Transaction tx) throws SQLException {
        if (!isDue(tx.now)) {
            return;
        }
        for (Map.Entry<String, Integer> each : counts().entrySet()) {
            GroupRow group = tx.group(each.getKey());
            if (group != null) {
                write(tx, group, each.getValue());
            }
        }
        tx.db.update("DELETE FROM member WHERE beat_at <= ?", tx.now - BELIEVED.toMillis());
    }

    /** The rows are on disk. */
    synchronized void written(long now) {
        if (isDue(now)) {
            changesWritten = changesWriting;
            lastBeat = now;
            if (changes == changesWritten) { // else somebody left meanwhile, and that is still to be written
                byGroup.values().removeIf(Set::isEmpty);
            }
        }
    }

    /** Those whose group is not declared (any more). */
    synchronized List<SqliteMember> without(Transaction tx) {
        List<SqliteMember> orphans = new ArrayList<>();
        byGroup.forEach((group, members) -> {
            if (tx.group(group) == null) {
                orphans.addAll(members);
            }
        });
        return orphans;
    }

    synchronized List<SqliteMember> all() {
        List<SqliteMember> all = new ArrayList<>();
        byGroup.values().forEach(all::addAll);
        return all;
    }

    /** Waits until everybody has left, but no longer than this. */
    synchronized void awaitNobody(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (byGroup.values().stream().anyMatch(members -> !members.isEmpty())) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    private synchronized Map<String, Integer> counts() {
        changesWriting = changes;
        Map<String, Integer> counts = new HashMap<>();
        byGroup.forEach((group, members) -> counts.put(group, members.size()));
        return counts;
    }

    private void write(Transaction tx, GroupRow group, int members) throws SQLException {
        if (members == 0) {
            tx.db.update("DELETE FROM member WHERE process = ? AND group_id = ?", process, group.id);
        } else {
            tx.db.update(
                    "INSERT INTO member (process, group_id, members, beat_at) VALUES (?, ?, ?, ?) ON CONFLICT (process,"
                            + " group_id) DO UPDATE SET members = excluded.members, beat_at = excluded.beat_at",
                    process,
                    group.id,
                    members,
                    tx.now);
        }
        tx.db.update("UPDATE consumer_group SET consumed_at = ? WHERE id = ?", tx.now, group.id);
    }
}
