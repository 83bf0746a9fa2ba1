package dev.slackline.backend.postgres;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Group;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A group by name. */
final class PostgresGroup implements Group, DeadLetters {

    /** So many dead letters share a transaction when all are meant. */
    private static final int AT_ONCE = 200;

    /** The attempt of a dead letter: it has none. */
    private static final int DEAD = 0;

    private final String name;
    private final String schema;
    private final boolean earliest;
    private final Questions questions;
    private final Housekeeping housekeeping;
    private final Bell bell;

    PostgresGroup(
            String name, String schema, boolean earliest, Questions questions, Housekeeping housekeeping, Bell bell) {
        this.name = name;
        this.schema = schema;
        this.earliest = earliest;
        this.questions = questions;
        this.housekeeping = housekeeping;
        this.bell = bell;
    }

    @Override
    public CompletionStage<Void> declare() {
        return questions.does(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT " + schema + ".declare_group(?, ?)")) {
                statement.setString(1, name);
                statement.setBoolean(2, earliest);
                statement.execute();
            }
        });
    }

    @Override
    public CompletionStage<Void> drop() {
        return questions.does(connection -> {
            try (PreparedStatement statement = connection.prepareStatement("SELECT " + schema + ".drop_group(?)")) {
                statement.setString(1, name);
                statement.execute();
            }
            housekeeping.sweepNow(connection);
            bell.ring(); // its members, to be told that it is gone
        });
    }

    @Override
    public CompletionStage<GroupStats> stats() {
        return questions.stats(name);
    }

    @Override
    public CompletionStage<Boolean> restore(Message message, int attempt, List<Death> deaths) {
        return questions.ask(connection -> restore(connection, message, Math.max(1, attempt), deaths));
    }

    @Override
    public CompletionStage<Boolean> restore(DeadLetter letter) {
        return questions.ask(connection -> restore(connection, letter.message(), DEAD, letter.deaths()));
    }

    private boolean restore(Connection connection, Message message, int attempt, List<Death> deaths)
            throws SQLException {
        questions.declared(connection, name);
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT " + schema + ".restore(?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)")) {
            statement.setString(1, name);
            statement.setString(2, message.id());
            statement.setString(3, message.key());
            statement.setString(4, message.orderingKey());
            statement.setLong(5, message.publishedAt().toEpochMilli());
            statement.setString(6, StoredMessage.headers(message));
            statement.setBytes(7, message.payload().bytes());
            statement.setInt(8, attempt);
            statement.setString(9, Deaths.write(deaths));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                bell.ring();
                return row.getBoolean(1);
            }
        }
    }

    @Override
    public DeadLetters deadLetters() {
        return this;
    }

    @Override
    public CompletionStage<List<DeadLetter>> list(@Nullable String after, int limit) {
        return questions.deadLetters(name, after, limit);
    }

    @Override
    public CompletionStage<Optional<DeadLetter>> show(String id) {
        return questions.deadLetter(name, id);
    }

    @Override
    public CompletionStage<Integer> replay(Collection<String> ids) {
        String[] wanted = ids.toArray(String[]::new);
        return questions.ask(connection -> {
            int groupId = questions.declared(connection, name);
            return replay(connection, numbers(connection, "id = ANY (?::text[]) AND group_id = ?", wanted, groupId));
        });
    }

    @Override
    public CompletionStage<Integer> replayAll() {
        return questions.ask(connection -> {
            int groupId = questions.declared(connection, name);
            int replayed = 0;
            Long[] part = numbers(connection, "n >= ? AND group_id = ? ORDER BY n LIMIT " + AT_ONCE, 0L, groupId);
            while (part.length > 0) {
                replayed += replay(connection, part);
                part = numbers(
                        connection,
                        "n > ? AND group_id = ? ORDER BY n LIMIT " + AT_ONCE,
                        part[part.length - 1],
                        groupId);
            }
            return replayed;
        });
    }

    @Override
    public CompletionStage<Integer> drop(Collection<String> ids) {
        String[] wanted = ids.toArray(String[]::new);
        return delete("id = ANY (?::text[]) AND group_id = ?", wanted);
    }

    @Override
    public CompletionStage<Integer> dropAll() {
        return delete("n > ? AND group_id = ?", 0L);
    }

    private CompletionStage<Integer> delete(String where, Object argument) {
        return questions.ask(connection -> {
            int groupId = questions.declared(connection, name);
            try (PreparedStatement statement =
                    connection.prepareStatement("DELETE FROM " + schema + ".dead WHERE " + where)) {
                statement.setObject(1, argument);
                statement.setInt(2, groupId);
                return statement.executeUpdate();
            }
        });
    }

    private int replay(Connection connection, Long[] numbers) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT " + schema + ".replay(?, ?::bigint[])")) {
            statement.setString(1, name);
            statement.setObject(2, numbers);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                bell.ring();
                return row.getInt(1);
            }
        }
    }

    private Long[] numbers(Connection connection, String where, Object argument, int groupId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT array_agg(d.n) FROM (SELECT n FROM " + schema + ".dead WHERE " + where + ") d")) {
            statement.setObject(1, argument);
            statement.setInt(2, groupId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getArray(1) == null
                        ? new Long[0]
                        : (Long[]) row.getArray(1).getArray();
            }
        }
    }
}
