package dev.slackline.backend.postgres;

import dev.slackline.queue.QueueConnectionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of a topic: made, recognised, brought up to date and dropped. What they hold is told in {@code tables.sql}.
 * Thread-safe.
 */
final class Schema {

    private static final Logger log = LoggerFactory.getLogger(Schema.class);

    /** What this program makes and understands. */
    static final int VERSION = 2;

    private static final int NONE = 0;

    /** The oldest server on which everything works that is used. */
    private static final int OLDEST_SERVER = 120_000;

    /** The functions. They are made anew with each version, so that those who call them by their old names go on. */
    private static final List<String> FUNCTIONS =
            List.of("publish.sql", "lend.sql", "settle.sql", "groups.sql", "housekeeping.sql");

    /** Moving what is there may take longer than any other answer. */
    private static final Duration MIGRATION = Duration.ofMinutes(2);

    private static final List<String> TABLES =
            List.of("slackline", "consumer_group", "message", "seen", "ready", "held", "dead", "restored", "member");

    private final String name;
    private final Failures failures;

    Schema(String name, Failures failures) {
        this.name = name;
        this.failures = failures;
    }

    /**
     * Makes what is not there yet, or brings what an older version made up to date, in one transaction that one process at
     * a time can be in.
     *
     * @throws QueueConnectionException not retryable, if the schema is of a newer version or another program's, or if the
     *     server is too old or set up so that locks do not hold; nothing was changed then
     */
    void ensure(Connection connection) throws SQLException {
        requireServer(connection);
        if (version(connection) == VERSION) {
            return;
        }
        int patience = connection.getNetworkTimeout();
        connection.setAutoCommit(false);
        try {
            try (PreparedStatement lock =
                    connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))")) {
                lock.setString(1, "slackline schema " + name);
                lock.execute();
            }
            update(connection, version(connection));
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
            connection.setNetworkTimeout(Runnable::run, patience);
        }
    }

    private void update(Connection connection, int version) throws SQLException {
        if (version == VERSION) { // somebody else did it while this one waited
            return;
        }
        try (Statement statement = connection.createStatement()) {
            if (version == NONE) {
                create(connection, statement);
            } else {
                migrate(connection, statement, version);
            }
            for (String functions : FUNCTIONS) {
                statement.execute(script(functions));
            }
        }
    }

    private void migrate(Connection connection, Statement statement, int version) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, (int) MIGRATION.toMillis());
        for (int next = version + 1; next <= VERSION; next++) {
            log.info("bringing the tables up to date schema={} version={}", name, next);
            statement.execute(script("version-" + next + ".sql"));
        }
    }

    /** Drops what was made here, and the schema if that was all there was in it. */
    void drop(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String function : functions(statement)) {
                statement.execute("DROP FUNCTION IF EXISTS " + function);
            }
            for (String table : TABLES) {
                statement.execute("DROP TABLE IF EXISTS " + name + "." + table);
            }
            if (isEmpty(statement)) {
                statement.execute("DROP SCHEMA IF EXISTS " + name + " RESTRICT");
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private void requireServer(Connection connection) throws SQLException {
        int server = number(connection, "SELECT current_setting('server_version_num')::integer");
        if (server < OLDEST_SERVER) {
            throw refused("the server is PostgreSQL " + connection.getMetaData().getDatabaseProductVersion()
                    + "; 12 or newer is needed");
        }
        if (number(connection, "SELECT (current_setting('default_transaction_isolation') <> 'read committed')::integer")
                != 0) {
            throw refused("default_transaction_isolation of this user is not 'read committed', on which the locks rely;"
                    + " change it with ALTER ROLE … SET default_transaction_isolation");
        }
    }

    private int version(Connection connection) throws SQLException {
        if (!hasTable(connection, "slackline")) {
            return NONE;
        }
        int version = number(connection, "SELECT version FROM " + name + ".slackline");
        if (version > VERSION) {
            throw refused("the schema is of version " + version + " and this program knows version " + VERSION
                    + "; use a newer Slackline, or another " + PostgresSettings.SCHEMA.name());
        }
        return version;
    }

    private void create(Connection connection, Statement statement) throws SQLException {
        if (number(connection, "SELECT count(*) FROM pg_namespace WHERE nspname = '" + name + "'") == 0) {
            statement.execute("CREATE SCHEMA " + name);
        }
        for (String table : TABLES) {
            if (hasTable(connection, table)) {
                throw refused("the schema holds a table '" + table + "' of another program; choose another "
                        + PostgresSettings.SCHEMA.name());
            }
        }
        statement.execute(script("tables.sql"));
    }

    /** Asked of the catalogue itself: a session may not have heard yet of what another one made while it waited. */
    private boolean hasTable(Connection connection, String table) throws SQLException {
        return number(
                        connection,
                        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '"
                                + name + "' AND c.relname = '" + table + "'")
                > 0;
    }

    private String script(String file) {
        try (InputStream sql = Schema.class.getResourceAsStream(file)) {
            if (sql == null) {
                throw new IllegalStateException(file + " is missing from the jar");
            }
            return new String(sql.readAllBytes(), StandardCharsets.UTF_8).replace("${schema}", name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> functions(Statement statement) throws SQLException {
        List<String> found = new java.util.ArrayList<>();
        try (ResultSet row = statement.executeQuery("SELECT p.oid::regprocedure::text FROM pg_proc p"
                + " WHERE p.pronamespace = to_regnamespace('" + name + "') AND p.proname IN ('moment', 'take_turns',"
                + " 'publish', 'remember', 'is_ready', 'lend', 'settled', 'remove_unneeded', 'ack', 'bury', 'give_back', 'renew',"
                + " 'declare_group', 'drop_group', 'replay', 'restore', 'sweep', 'forget', 'read_messages')")) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    private boolean isEmpty(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("SELECT NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = n.oid)"
                        + " AND NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = n.oid) FROM pg_namespace n"
                        + " WHERE n.nspname = '" + name + "'")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private QueueConnectionException refused(String what) {
        return failures.connection(what, false, null);
    }

    private static int number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }
}
