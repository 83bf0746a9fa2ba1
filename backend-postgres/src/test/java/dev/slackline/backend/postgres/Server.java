package dev.slackline.backend.postgres;

import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.queue.testkit.broker.PostgresBroker;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** How tests talk to a server without the backend. */
final class Server {

    private Server() {}

    /** Settings for a topic of its own. */
    static Map<String, String> newTopic(InetSocketAddress address) {
        Map<String, String> settings = new HashMap<>();
        settings.put("POSTGRES_URL", url("127.0.0.1", address));
        settings.put("POSTGRES_PASSWORD", PostgresBroker.USER);
        settings.put("POSTGRES_SCHEMA", "topic_" + UUID.randomUUID().toString().substring(0, 8));
        return settings;
    }

    static String url(String host, InetSocketAddress address) {
        return "postgresql://" + PostgresBroker.USER + "@" + host + ":" + address.getPort() + "/postgres";
    }

    static Queue open(Map<String, String> settings) {
        PostgresProvider provider = new PostgresProvider();
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        return Queue.open(provider, Settings.parse(settings, declared));
    }

    /** A connection of the plain driver to where these settings point. */
    static Connection connect(Map<String, String> settings) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:" + Objects.requireNonNull(settings.get("POSTGRES_URL")).replace(PostgresBroker.USER + "@", ""),
                settings.getOrDefault("POSTGRES_USER", PostgresBroker.USER),
                settings.get("POSTGRES_PASSWORD"));
    }

    /** Runs statements in which {@code $} stands for the schema. */
    static void execute(Map<String, String> settings, String... statements) {
        try (Connection connection = connect(settings);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(inSchema(settings, sql));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first number that a query gives, in which {@code $} stands for the schema. */
    static long number(Map<String, String> settings, String sql) {
        try (Connection connection = connect(settings);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(inSchema(settings, sql))) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String inSchema(Map<String, String> settings, String sql) {
        return sql.replace("$.", settings.get("POSTGRES_SCHEMA") + ".");
    }
}
