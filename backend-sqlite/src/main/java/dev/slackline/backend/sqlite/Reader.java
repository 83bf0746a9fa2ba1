package dev.slackline.backend.sqlite;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.GroupStats;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions on a connection of its own, so that neither writers wait for it nor it for them. Each question sees
 * one moment. Thread-safe.
 */
final class Reader {

    private static final String DEAD = "SELECT seq, deaths, " + StoredMessage.COLUMNS + " FROM dead WHERE group_id = ?";

    private final Database db;
    private final Members members;
    private final InstantSource clock;
    private final Failures failures;
    private final Executor threads;

    Reader(Database db, Members members, InstantSource clock, Failures failures, Executor threads) {
        this.db = db;
        this.members = members;
        this.clock = clock;
        this.failures = failures;
        this.threads = threads;
    }

    CompletionStage<List<String>> groups() {
        return ask(() -> {
            List<String> names = new ArrayList<>();
            try (ResultSet row = db.query("SELECT name FROM consumer_group ORDER BY name")) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
            return names;
        });
    }

    CompletionStage<List<DeadLetter>> deadLetters(String group, @Nullable String after, int limit) {
        return ask(() -> {
            long groupId = declared(group);
            long from = 0;
            if (after != null) {
                Long last = db.number("SELECT max(n) FROM dead WHERE group_id = ? AND id = ?", groupId, after);
                if (last == null) {
                    return List.of();
                }
                from = last;
            }
            return deadLetters(group, DEAD + " AND n > ? ORDER BY n LIMIT ?", groupId, from, limit);
        });
    }

    CompletionStage<Optional<DeadLetter>> deadLetter(String group, String id) {
        return ask(() -> deadLetters(group, DEAD + " AND id = ? ORDER BY n DESC LIMIT 1", declared(group), id).stream()
                .findFirst());
    }

    CompletionStage<GroupStats> stats(String group) {
        return ask(() -> {
            long groupId = declared(group);
            Instant now = clock.instant();
            long[] states = deliveries(groupId, now.toEpochMilli());
            return new GroupStats(
                    states[0] + newMessages(groupId),
                    states[1],
                    states[2],
                    db.count("SELECT count(*) FROM dead WHERE group_id = ?", groupId),
                    oldestAge(groupId, now),
                    consumers(group, groupId, now.toEpochMilli()),
                    unconsumedSince(group, groupId, now.toEpochMilli()));
        });
    }

    void close() {
        synchronized (db) {
            try {
                db.close();
            } catch (SQLException e) {
                throw failures.consume(e);
            }
        }
    }

    /** Ready, leased and delayed deliveries. */
    private long[] deliveries(long groupId, long now) throws SQLException {
        try (ResultSet row = db.query(
                "SELECT count(*), sum(due > ?1 AND token IS NOT NULL), sum(due > ?1 AND token IS NULL)"
                        + " FROM delivery WHERE group_id = ?2",
                now,
                groupId)) {
            row.next();
            long leased = row.getLong(2);
            long delayed = row.getLong(3);
            return new long[] {row.getLong(1) - leased - delayed, leased, delayed};
        }
    }

    /** Messages that the group has not come to: counted one by one only where some may be missing. */
    private long newMessages(long groupId) throws SQLException {
        long cursor = db.count("SELECT cursor FROM consumer_group WHERE id = ?", groupId);
        long denseFrom = db.count("SELECT dense_from FROM consumer_group WHERE id = ?", groupId);
        long end = db.count("SELECT next_seq FROM state");
        long sparse = cursor < denseFrom
                ? db.count("SELECT count(*) FROM message WHERE seq >= ? AND seq < ?", cursor, denseFrom)
                : 0;
        return sparse + end - Math.max(cursor, denseFrom);
    }

    private @Nullable Duration oldestAge(long groupId, Instant now) throws SQLException {
        Long publishedAt = db.number(
                "SELECT published_at FROM message WHERE seq = (SELECT min(seq) FROM delivery WHERE group_id = ?)",
                groupId);
        if (publishedAt == null) {
            publishedAt = db.number(
                    "SELECT published_at FROM message WHERE seq >= (SELECT cursor FROM consumer_group WHERE id = ?)"
                            + " ORDER BY seq LIMIT 1",
                    groupId);
        }
        return publishedAt == null ? null : Duration.between(Instant.ofEpochMilli(publishedAt), now);
    }

    private int consumers(String group, long groupId, long now) throws SQLException {
        long elsewhere = db.count(
                "SELECT sum(members) FROM member WHERE group_id = ? AND process <> ? AND beat_at > ?",
                groupId,
                members.process(),
                now - Members.BELIEVED.toMillis());
        return members.count(group) + (int) elsewhere;
    }

    private @Nullable Instant unconsumedSince(String group, long groupId, long now) throws SQLException {
        return consumers(group, groupId, now) > 0
                ? null
                : Instant.ofEpochMilli(db.count("SELECT consumed_at FROM consumer_group WHERE id = ?", groupId));
    }

    private List<DeadLetter> deadLetters(String group, String sql, @Nullable Object... arguments) throws SQLException {
        List<DeadLetter> letters = new ArrayList<>();
        try (ResultSet row = db.query(sql, arguments)) {
            while (row.next()) {
                letters.add(new DeadLetter(
                        StoredMessage.read(row, 3, row.getLong(1)), group, Deaths.read(row.getString(2))));
            }
        }
        return letters;
    }

    private long declared(String group) throws SQLException {
        Long id = db.number("SELECT id FROM consumer_group WHERE name = ?", group);
        if (id == null) {
            throw failures.undeclared(group);
        }
        return id;
    }

    @FunctionalInterface
    private interface Question<T> {
        T answer() throws SQLException;
    }

    private <T> CompletionStage<T> ask(Question<T> question) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> answer(question, result));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(failures.closed());
        }
        return result;
    }

    private <T> void answer(Question<T> question, CompletableFuture<T> result) {
        try {
            result.complete(answer(question));
        } catch (SQLException e) {
            result.completeExceptionally(failures.consume(e));
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    private <T> T answer(Question<T> question) throws SQLException {
        synchronized (db) {
            db.update("BEGIN");
            try {
                return question.answer();
            } finally {
                db.update("COMMIT");
            }
        }
    }
}
