package dev.slackline.backend.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connection and the statements it has prepared, which stay open with it. Used by one thread at a time. */
final class Database implements AutoCloseable {

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    /** Takes a connection over. Transactions begin and end with statements; the driver is kept from adding its own. */
    Database(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
        execute("COMMIT");
    }

    /** Runs a statement that is not worth keeping. */
    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs a statement that changes something. @return how many rows it changed */
    int update(String sql, @Nullable Object... arguments) throws SQLException {
        PreparedStatement statement = bound(sql, arguments);
        try {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw discard(sql, statement, e);
        }
    }

    /** Runs a query; the caller closes the result before the same query is run again. */
    ResultSet query(String sql, @Nullable Object... arguments) throws SQLException {
        PreparedStatement statement = bound(sql, arguments);
        try {
            return statement.executeQuery();
        } catch (SQLException e) {
            throw discard(sql, statement, e);
        }
    }

    /** The first column of the first row; null when there is no row, or null in it. */
    @Nullable
    Long number(String sql, @Nullable Object... arguments) throws SQLException {
        try (ResultSet row = query(sql, arguments)) {
            if (!row.next()) {
                return null;
            }
            long value = row.getLong(1);
            return row.wasNull() ? null : value;
        }
    }

    /** {@link #number} where there always is one. */
    long count(String sql, @Nullable Object... arguments) throws SQLException {
        Long value = number(sql, arguments);
        return value == null ? 0 : value;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** The driver may have closed a statement that failed. */
    private SQLException discard(String sql, PreparedStatement statement, SQLException cause) {
        prepared.remove(sql);
        try {
            statement.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
        return cause;
    }

    private PreparedStatement bound(String sql, @Nullable Object... arguments) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
        return statement;
    }
}
