package dev.slackline.backend.postgres;

import dev.slackline.queue.QueueException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Ends and renews leases. Those of one kind that wait share a statement, which is a transaction; each is fenced by its
 * token, so one that has passed to somebody else is left alone.
 */
final class Settler {

    /** What is done with a lease. */
    enum Kind {
        ACK,
        GIVE_BACK,
        BURY,
        RENEW
    }

    private static final class Change extends Pending<Boolean> {

        final Kind kind;
        final Lease lease;
        final long delayMillis;
        final boolean failed;
        final String reason;
        final Runnable gaveUp;

        Change(Kind kind, Lease lease, long delayMillis, boolean failed, String reason, Runnable gaveUp) {
            this.kind = kind;
            this.lease = lease;
            this.delayMillis = delayMillis;
            this.failed = failed;
            this.reason = reason;
            this.gaveUp = gaveUp;
        }

        @Override
        void gaveUp() {
            gaveUp.run();
        }
    }

    private final Connections connections;
    private final String schema;
    private final long leaseMillis;
    private final Failures failures;
    private final Bell bell;
    private final Lane<Change> lane;

    Settler(Connections connections, String schema, Duration lease, Threads threads, Failures failures, Bell bell) {
        this.connections = connections;
        this.schema = schema;
        this.leaseMillis = lease.toMillis();
        this.failures = failures;
        this.bell = bell;
        this.lane = new Lane<>("settler", threads, failures, this::settle);
    }

    void start() {
        lane.start();
    }

    void stop(Duration timeout) throws InterruptedException {
        lane.stop(timeout);
    }

    /** Completes with whether the lease was still held, as do the others. */
    CompletableFuture<Boolean> ack(Lease lease, Runnable gaveUp) {
        return add(new Change(Kind.ACK, lease, 0, false, "", gaveUp));
    }

    CompletableFuture<Boolean> retry(Lease lease, Duration delay, Runnable gaveUp) {
        return add(new Change(Kind.GIVE_BACK, lease, delay.toMillis(), true, "", gaveUp));
    }

    CompletableFuture<Boolean> release(Lease lease, Runnable gaveUp) {
        return add(new Change(Kind.GIVE_BACK, lease, 0, false, "", gaveUp));
    }

    CompletableFuture<Boolean> bury(Lease lease, String reason, Runnable gaveUp) {
        return add(new Change(Kind.BURY, lease, 0, true, reason.replace('\0', '\uFFFD'), gaveUp));
    }

    CompletableFuture<Boolean> renew(Lease lease) {
        return add(new Change(Kind.RENEW, lease, 0, false, "", () -> {}));
    }

    private CompletableFuture<Boolean> add(Change change) {
        lane.add(change);
        return change.result;
    }

    private void settle(List<Change> batch) {
        Map<Kind, List<Change>> byKind = new EnumMap<>(Kind.class);
        batch.forEach(change ->
                byKind.computeIfAbsent(change.kind, kind -> new ArrayList<>()).add(change));
        byKind.forEach(this::settle);
    }

    private void settle(Kind kind, List<Change> changes) {
        try {
            Set<Integer> held = connections.call(connection -> places(connection, kind, changes));
            for (int i = 0; i < changes.size(); i++) {
                changes.get(i).done(held.contains(i + 1));
            }
            if (!held.isEmpty() && lets(kind, changes)) {
                bell.ring();
            }
        } catch (SQLException e) {
            QueueException why = failures.consume("not settled: " + failures.describe(e), Failures.retryable(e), e);
            changes.forEach(change -> change.failed(why));
        } catch (QueueException e) {
            changes.forEach(change -> change.failed(e));
        }
    }

    /** Whether somebody may get something that nobody could get before. */
    private static boolean lets(Kind kind, List<Change> changes) {
        return kind == Kind.GIVE_BACK
                || (kind != Kind.RENEW && changes.stream().anyMatch(change -> change.lease.ordered()));
    }

    private Set<Integer> places(Connection connection, Kind kind, List<Change> changes) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + schema + "." + call(kind))) {
            statement.setObject(
                    1,
                    changes.stream().mapToInt(change -> change.lease.groupId()).toArray());
            statement.setObject(
                    2, changes.stream().mapToLong(change -> change.lease.seq()).toArray());
            statement.setObject(
                    3,
                    changes.stream().mapToLong(change -> change.lease.token()).toArray());
            switch (kind) {
                case ACK -> {}
                case GIVE_BACK -> {
                    statement.setObject(
                            4,
                            changes.stream()
                                    .mapToLong(change -> change.delayMillis)
                                    .toArray());
                    statement.setObject(
                            5, changes.stream().map(change -> change.failed).toArray(Boolean[]::new));
                }
                case BURY -> {
                    statement.setObject(
                            4, changes.stream().map(change -> change.reason).toArray(String[]::new));
                }
                case RENEW -> {
                    statement.setLong(4, leaseMillis);
                }
            }
            return places(statement);
        }
    }

    private static String call(Kind kind) {
        return switch (kind) {
            case ACK -> "ack(?::integer[], ?::bigint[], ?::bigint[])";
            case GIVE_BACK -> "give_back(?::integer[], ?::bigint[], ?::bigint[], ?::bigint[], ?::boolean[])";
            case BURY -> "bury(?::integer[], ?::bigint[], ?::bigint[], ?::text[])";
            case RENEW -> "renew(?::integer[], ?::bigint[], ?::bigint[], ?)";
        };
    }

    private static Set<Integer> places(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            Array places = row.getArray(1);
            @Nullable Object found = places == null ? null : places.getArray();
            return found instanceof Integer[] numbers ? new HashSet<>(List.of(numbers)) : Set.of();
        }
    }
}
