package dev.slackline.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The baseline of the PostgreSQL figures: pgjdbc as a queue in a table is usually written. One table with its primary key
 * and unique ids, so that a publish may be repeated, as one through the queue may; one connection, a window of messages in
 * one multi-row insert and one transaction; {@code FOR UPDATE SKIP LOCKED} and one delete for as many. An id is known as
 * long as its message is there. No groups, no leases, no order by key.
 */
final class PlainPostgres implements PlainClient {

    private static final long QUIET_NANOS = 200_000_000;

    private final Connection connection;
    private long ids;

    PlainPostgres(String url, String user, String password) throws SQLException {
        connection = DriverManager.getConnection(url + "?reWriteBatchedInserts=true", user, password);
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS plain (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                    + " id text COLLATE \"C\" NOT NULL UNIQUE, key text NOT NULL, payload bytea NOT NULL)");
        }
        connection.setAutoCommit(false);
    }

    @Override
    public String name() {
        return "pgjdbc";
    }

    @Override
    public Measured publish(double seconds, int inFlight, Messages messages) throws SQLException {
        Histogram latencies = Measured.newHistogram();
        long count = 0;
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO plain (id, key, payload) VALUES (?, ?, ?)" + " ON CONFLICT (id) DO NOTHING")) {
            while (System.nanoTime() < end) {
                long began = System.nanoTime();
                for (int i = 0; i < inFlight; i++) {
                    insert.setString(1, "id-" + ++ids);
                    count++;
                    insert.setString(2, "event.message");
                    insert.setBytes(3, messages.next());
                    insert.addBatch();
                }
                insert.executeBatch();
                connection.commit();
                latencies.recordValueWithCount((System.nanoTime() - began) / 1000, inFlight);
            }
        }
        return new Measured(count, (System.nanoTime() - start) / 1e9, latencies);
    }

    @Override
    public Measured consume(double seconds, int prefetch) throws SQLException {
        Histogram latencies = Measured.newHistogram();
        long count = 0;
        long start = System.nanoTime();
        long last = start;
        long end = start + (long) (seconds * 1e9);
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT seq, id, key, payload FROM plain ORDER BY seq LIMIT ? FOR UPDATE SKIP LOCKED");
                PreparedStatement delete = connection.prepareStatement("DELETE FROM plain WHERE seq = ANY (?)")) {
            while (System.nanoTime() < end && System.nanoTime() - last < QUIET_NANOS) {
                long began = System.nanoTime();
                List<Long> taken = take(select, prefetch);
                delete.setObject(1, taken.toArray(Long[]::new));
                delete.executeUpdate();
                connection.commit();
                if (!taken.isEmpty()) {
                    last = System.nanoTime();
                    latencies.recordValueWithCount((last - began) / 1000, taken.size());
                    count += taken.size();
                }
            }
        }
        return new Measured(count, (last - start) / 1e9, latencies);
    }

    private static List<Long> take(PreparedStatement select, int prefetch) throws SQLException {
        List<Long> taken = new ArrayList<>(prefetch);
        select.setInt(1, prefetch);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                taken.add(row.getLong(1));
                row.getBytes(4);
            }
        }
        return taken;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
