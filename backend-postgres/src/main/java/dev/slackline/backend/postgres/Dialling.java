package dev.slackline.backend.postgres;

import dev.slackline.queue.config.ConfigurationException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGConnection;

/** How connections are made: whereto, as whom, and with which certificates trusted. Thread-safe. */
final class Dialling implements DataSource {

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration LOGIN_ANSWER = Duration.ofSeconds(4);
    /** How long any answer may take: a silent server is noticed by then. */
    static final Duration ANSWER = Duration.ofSeconds(8);

    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

    private final Driver driver = new Driver();
    private final String url;
    private final Properties properties = new Properties();
    private volatile @Nullable Boolean pooled;
    private volatile Consumer<SQLException> listener = failure -> {};

    /**
     * Looks at the settings.
     *
     * @throws ConfigurationException if the certificates cannot be read
     */
    Dialling(PostgresSettings settings) {
        Target target = settings.target();
        url = target.jdbcUrl();
        set("user", settings.user().isEmpty() ? target.user() : settings.user());
        set("password", settings.password().isEmpty() ? target.password() : settings.password());
        set("ApplicationName", "slackline");
        set("connectTimeout", Long.toString(CONNECT.toSeconds()));
        set("socketTimeout", Long.toString(LOGIN_ANSWER.toSeconds()));
        set("tcpKeepAlive", "true");
        if (settings.tls()) {
            set("sslmode", "verify-full");
            if (settings.certificates().isEmpty()) {
                set("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
            } else {
                set("sslrootcert", requireReadable(settings.certificates()));
            }
        }
    }

    private void set(String name, @Nullable String value) {
        if (value != null) {
            properties.setProperty(name, value);
        }
    }

    private static String requireReadable(String file) {
        if (!Files.isReadable(Path.of(file))) {
            throw new ConfigurationException(
                    PostgresSettings.TLS_CA.name() + ": the file '" + file + "' cannot be read");
        }
        return file;
    }

    /** Whom to tell of each try that failed, while others wait for one that does not. */
    void tell(Consumer<SQLException> newListener) {
        listener = newListener;
    }

    /** Whether a pooler such as PgBouncer stands before the server, so that a session is nothing to rely on. */
    boolean isPooled() {
        return Boolean.TRUE.equals(pooled);
    }

    /** Goes on trying for a while: the pool would leave more and more time between two tries. */
    @Override
    public Connection getConnection() throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return dial();
            } catch (SQLException e) {
                listener.accept(e);
                if (Failures.refused(e) || System.nanoTime() - deadline >= 0) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    private static void pause(SQLException cause) throws SQLException {
        try {
            Connections.pause(BETWEEN_TRIES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cause;
        }
    }

    /** Makes a connection, or says why there is none. */
    Connection dial() throws SQLException {
        Connection made = driver.connect(url, properties);
        if (made == null) {
            throw new SQLNonTransientConnectionException("not an address of PostgreSQL", "08001");
        }
        try {
            if (pooled == null) {
                pooled = isAnotherBackend(made);
            }
            if (isPooled()) {
                // what was prepared on one connection of the pooler is not there on the next
                made.unwrap(PGConnection.class).setPrepareThreshold(0);
            }
            made.setNetworkTimeout(Runnable::run, (int) ANSWER.toMillis());
            return made;
        } catch (SQLException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /** A pooler makes up the number of the process that it introduces itself with. */
    private static boolean isAnotherBackend(Connection made) throws SQLException {
        try (Statement statement = made.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1) != made.unwrap(PGConnection.class).getBackendPID();
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return (int) CONNECT.toSeconds();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
