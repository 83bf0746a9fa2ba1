package dev.slackline.backend.postgres;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.QueueException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** What can be asked of a topic, and who asks it. Thread-safe. */
final class Questions {

    private final String schema;
    private final Connections connections;
    private final Members members;
    private final Threads threads;
    private final Failures failures;

    Questions(String schema, Connections connections, Members members, Threads threads, Failures failures) {
        this.schema = schema;
        this.connections = connections;
        this.members = members;
        this.threads = threads;
        this.failures = failures;
    }

    /** What changes something and tells nothing. */
    @FunctionalInterface
    interface Deed {
        void on(Connection connection) throws SQLException;
    }

    /** Does it on a thread that may wait for it. */
    CompletableFuture<Void> does(Deed deed) {
        return ask(connection -> {
                    deed.on(connection);
                    return true;
                })
                .thenAccept(done -> {});
    }

    /** Asks on a thread that may wait for the answer. */
    <T extends @Nullable Object> CompletableFuture<T> ask(Connections.Work<T> question) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.keep(() -> answer(question, result));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(failures.closed());
        }
        return result;
    }

    private <T extends @Nullable Object> void answer(Connections.Work<T> question, CompletableFuture<T> result) {
        Runnable told;
        try {
            T found = connections.call(question);
            told = () -> result.complete(found);
        } catch (SQLException e) {
            QueueException why = failures.consume(e);
            told = () -> result.completeExceptionally(why);
        } catch (RuntimeException | Error e) {
            told = () -> result.completeExceptionally(e);
        }
        threads.addResult(told);
        threads.tell();
    }

    CompletionStage<List<String>> groups() {
        return ask(connection -> {
            List<String> names = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(
                            "SELECT name FROM " + schema + ".consumer_group ORDER BY name");
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
            return names;
        });
    }

    CompletionStage<GroupStats> stats(String group) {
        return ask(connection -> stats(connection, group));
    }

    CompletionStage<List<DeadLetter>> deadLetters(String group, @Nullable String after, int limit) {
        return ask(connection -> {
            int groupId = declared(connection, group);
            return deadLetters(
                    connection,
                    group,
                    "WHERE group_id = ? AND n > CASE WHEN ?::text IS NULL THEN 0 ELSE"
                            + " (SELECT max(l.n) FROM " + schema + ".dead l WHERE l.group_id = ? AND l.id = ?) END"
                            + " ORDER BY n LIMIT ?",
                    groupId,
                    after,
                    groupId,
                    after,
                    limit);
        });
    }

    CompletionStage<Optional<DeadLetter>> deadLetter(String group, String id) {
        return ask(connection -> deadLetters(
                        connection,
                        group,
                        "WHERE group_id = ? AND id = ? ORDER BY n DESC LIMIT 1",
                        declared(connection, group),
                        id)
                .stream()
                .findFirst());
    }

    /** The number of a group. @throws QueueException if it is not declared */
    int declared(Connection connection, String group) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT id FROM " + schema + ".consumer_group WHERE name = ?")) {
            statement.setString(1, group);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw failures.undeclared(group);
                }
                return row.getInt(1);
            }
        }
    }

    private GroupStats stats(Connection connection, String group) throws SQLException {
        int groupId = declared(connection, group);
        try (PreparedStatement statement = connection.prepareStatement(STATS.replace("$", schema + "."))) {
            statement.setString(1, members.process());
            statement.setLong(2, Members.BELIEVED.toSeconds());
            statement.setInt(3, groupId);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw failures.undeclared(group);
                }
                long leased = row.getLong(3);
                long delayed = row.getLong(4);
                long now = row.getLong(9);
                Long oldest = row.getObject(6, Long.class);
                int consumers = members.count(group) + row.getInt(7);
                return new GroupStats(
                        row.getLong(1) + row.getLong(2) - leased - delayed,
                        leased,
                        delayed,
                        row.getLong(5),
                        oldest == null ? null : Duration.ofMillis(Math.max(0, now - oldest)),
                        consumers,
                        consumers > 0 ? null : Instant.ofEpochMilli(row.getLong(8)));
            }
        }
    }

    private static final String STATS = """
            WITH asked AS (SELECT ?::text AS process, ? * interval '1 second' AS believed, now() AS moment)
            SELECT (SELECT coalesce(sum(r.last - r.next + 1), 0) FROM $ready r WHERE r.group_id = g.id),
              h.held, h.leased, h.delayed,
              (SELECT count(*) FROM $dead d WHERE d.group_id = g.id),
              (SELECT m.published_at FROM $message m WHERE m.seq = least(
                (SELECT r.next FROM $ready r WHERE r.group_id = g.id ORDER BY r.last LIMIT 1),
                (SELECT min(x.seq) FROM $held x WHERE x.group_id = g.id))),
              (SELECT coalesce(sum(b.members), 0) FROM $member b WHERE b.group_id = g.id
                AND b.process <> asked.process AND b.beat_at > now() - asked.believed),
              (extract(epoch FROM g.consumed_at) * 1000)::bigint,
              (extract(epoch FROM asked.moment) * 1000)::bigint
            FROM $consumer_group g CROSS JOIN asked CROSS JOIN LATERAL (
              SELECT count(*) AS held,
                count(*) FILTER (WHERE x.due > asked.moment AND x.token IS NOT NULL) AS leased,
                count(*) FILTER (WHERE x.due > asked.moment AND x.token IS NULL) AS delayed
              FROM $held x WHERE x.group_id = g.id) h
            WHERE g.id = ?""";

    private List<DeadLetter> deadLetters(
            Connection connection, String group, String where, @Nullable Object... arguments) throws SQLException {
        List<DeadLetter> letters = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT " + StoredMessage.COLUMNS + ", deaths::text FROM " + schema + ".dead " + where)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    letters.add(new DeadLetter(StoredMessage.read(row), group, Deaths.read(row.getString(8))));
                }
            }
        }
        return letters;
    }
}
