package dev.slackline.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.HdrHistogram.Histogram;

/**
 * The baseline of the SQLite figures: one table with one index (its rowid), WAL and {@code synchronous=FULL}, one
 * thread, transactions of 64. No ids, no groups, no leases, no order by key: the least that could be called a queue.
 */
final class PlainJdbc implements AutoCloseable {

    static final int BATCH = 64;

    private final Connection connection;

    PlainJdbc(Path file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS message(seq INTEGER PRIMARY KEY, id TEXT, key TEXT, payload BLOB)");
        }
        connection.setAutoCommit(false);
    }

    Measured publish(double seconds, Messages messages) throws SQLException {
        Histogram latencies = Measured.newHistogram();
        long count = 0;
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO message(id, key, payload) VALUES(?, ?, ?)")) {
            while (System.nanoTime() < end) {
                long began = System.nanoTime();
                for (int i = 0; i < BATCH; i++) {
                    insert.setString(1, "id-" + count++);
                    insert.setString(2, "event.message");
                    insert.setBytes(3, messages.next());
                    insert.executeUpdate();
                }
                connection.commit();
                latencies.recordValueWithCount((System.nanoTime() - began) / 1000, BATCH);
            }
        }
        return new Measured(count, (System.nanoTime() - start) / 1e9, latencies);
    }

    Measured consume(double seconds) throws SQLException {
        Histogram latencies = Measured.newHistogram();
        long count = 0;
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT seq, id, key, payload FROM message ORDER BY seq LIMIT " + BATCH);
                PreparedStatement delete = connection.prepareStatement("DELETE FROM message WHERE seq = ?")) {
            long[] taken = new long[BATCH];
            while (System.nanoTime() < end) {
                long began = System.nanoTime();
                int size = 0;
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        taken[size++] = rows.getLong(1);
                        read(rows);
                    }
                }
                if (size == 0) {
                    break;
                }
                for (int i = 0; i < size; i++) {
                    delete.setLong(1, taken[i]);
                    delete.executeUpdate();
                }
                connection.commit();
                latencies.recordValueWithCount((System.nanoTime() - began) / 1000, size);
                count += size;
            }
        }
        return new Measured(count, (System.nanoTime() - start) / 1e9, latencies);
    }

    /** Fetches what a consumer would need. */
    private static void read(ResultSet row) throws SQLException {
        row.getString(2);
        row.getString(3);
        row.getBytes(4);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
