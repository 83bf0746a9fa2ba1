package dev.slackline.backend.postgres;

import dev.slackline.queue.QueueException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of this process, and the rows by which other processes know of them: rewritten every ten seconds and when
 * somebody joins or leaves, not believed after thirty. Thread-safe.
 */
final class Members {

    static final Duration BELIEVED = Duration.ofSeconds(30);
    static final Duration BEAT = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(Members.class);

    private final String process = UUID.randomUUID().toString();
    private final String schema;
    private final Connections connections;
    private final Threads threads;
    private final Map<String, Set<PostgresMember>> byGroup = new HashMap<>();
    private final Lock writing = new ReentrantLock();
    private boolean beating;
    private volatile boolean forgotten;

    Members(String schema, Connections connections, Threads threads) {
        this.schema = schema;
        this.connections = connections;
        this.threads = threads;
    }

    /** What this process is called in the rows. */
    String process() {
        return process;
    }

    synchronized void join(PostgresMember member) {
        byGroup.computeIfAbsent(member.group(), group -> new HashSet<>()).add(member);
        beatSoon();
    }

    synchronized void leave(PostgresMember member) {
        byGroup.getOrDefault(member.group(), Set.of()).remove(member);
        notifyAll();
        beatSoon();
    }

    synchronized int count(String group) {
        return byGroup.getOrDefault(group, Set.of()).size();
    }

    synchronized List<PostgresMember> all() {
        List<PostgresMember> all = new ArrayList<>();
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

    /** Writes the rows. */
    void beat() {
        Map<String, Integer> counts;
        synchronized (this) {
            beating = false;
            counts = counts();
        }
        if (counts.isEmpty()) {
            return;
        }
        writing.lock();
        try {
            if (forgotten) {
                return;
            }
            connections.call(connection -> {
                for (Map.Entry<String, Integer> each : counts.entrySet()) {
                    write(connection, each.getKey(), each.getValue());
                }
                return counts;
            });
            synchronized (this) {
                byGroup.values().removeIf(Set::isEmpty);
            }
        } catch (SQLException | QueueException e) {
            log.debug("others do not know yet who consumes here", e);
        } finally {
            writing.unlock();
        }
    }

    /** Takes this process out of the rows for good; waits no longer than this for it. */
    void forget(Threads by, Duration timeout) throws InterruptedException {
        forgotten = true;
        if (connections.trouble() != null) {
            return;
        }
        try {
            CompletableFuture.runAsync(this::forget, by).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            log.debug("others will see that nobody consumes here when the rows are too old", e);
        }
    }

    private void forget() {
        writing.lock(); // after a beat that is under way
        try {
            connections.call(connection -> {
                try (PreparedStatement statement =
                        connection.prepareStatement("DELETE FROM " + schema + ".member WHERE process = ?")) {
                    statement.setString(1, process);
                    return statement.executeUpdate();
                }
            });
        } catch (SQLException | QueueException e) {
            log.debug("others will see that nobody consumes here when the rows are too old", e);
        } finally {
            writing.unlock();
        }
    }

    private void beatSoon() {
        if (!beating) {
            beating = true;
            try {
                threads.keep(this::beat);
            } catch (RejectedExecutionException e) {
                // closing
            }
        }
    }

    private Map<String, Integer> counts() {
        Map<String, Integer> counts = new HashMap<>();
        byGroup.forEach((group, members) -> counts.put(group, members.size()));
        return counts;
    }

    private void write(Connection connection, String group, int members) throws SQLException {
        String row = members == 0
                ? "DELETE FROM " + schema + ".member m USING g WHERE m.process = ? AND m.group_id = g.id AND ? = 0"
                : "INSERT INTO " + schema + ".member (process, group_id, members, beat_at)"
                        + " SELECT ?, g.id, ?, now() FROM g ON CONFLICT (process, group_id)"
                        + " DO UPDATE SET members = excluded.members, beat_at = excluded.beat_at";
        try (PreparedStatement statement = connection.prepareStatement("WITH g AS (UPDATE " + schema
                + ".consumer_group SET consumed_at = now() WHERE name = ? RETURNING id) " + row)) {
            statement.setString(1, group);
            statement.setString(2, process);
            statement.setInt(3, members);
            statement.executeUpdate();
        }
    }
}
