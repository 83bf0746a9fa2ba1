package dev.slackline.app.brokers;

import dev.slackline.queue.testkit.broker.PostgresBroker;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * PostgreSQL.
 *
 * @param control the process
 */
public record Postgres(PostgresBroker control) implements TestBroker {

    private static final String ALL =
            "SELECT nspname FROM pg_namespace UNION SELECT schemaname || '.' || tablename FROM pg_tables";

    /** One whose data go into this folder. */
    public static Postgres in(Path folder) {
        return new Postgres(PostgresBroker.in(folder));
    }

    @Override
    public String backend() {
        return "postgres";
    }

    @Override
    public String topicVariable() {
        return "POSTGRES_SCHEMA";
    }

    @Override
    public Map<String, String> access() {
        return Map.of(
                "POSTGRES_URL",
                "postgresql://" + PostgresBroker.USER + "@" + place() + "/postgres",
                "POSTGRES_PASSWORD",
                PostgresBroker.USER);
    }

    @Override
    public Map<String, String> wrongPassword() {
        return Map.of("POSTGRES_PASSWORD", WRONG);
    }

    @Override
    public Map<String, String> wrongSetting() {
        return Map.of("POSTGRES_POLL", "often", "POSTGRES_URL", "");
    }

    @Override
    public Set<String> contents() {
        Set<String> found = new TreeSet<>();
        String url = "jdbc:postgresql://" + place() + "/postgres";
        try (Connection connection = DriverManager.getConnection(url, PostgresBroker.USER, PostgresBroker.USER);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(ALL)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
