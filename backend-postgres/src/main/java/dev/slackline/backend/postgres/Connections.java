package dev.slackline.backend.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one backend: a few for its own threads, each taken for one transaction and given back. Knows whether
 * the server can be worked with, from what came of the last work. Thread-safe.
 */
final class Connections {

    /** What is done with a connection, as one transaction. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T on(Connection connection) throws SQLException;
    }

    private static final Logger log = LoggerFactory.getLogger(Connections.class);
    /** Two to publish, one each to settle and lend, and some for questions and housekeeping. */
    private static final int MOST = 7;

    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final Duration VALIDATION = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration CLOSING = Duration.ofMillis(1_500);

    private final Dialling dialling;
    private final Schema schema;
    private final Failures failures;
    private final PostgresSettings settings;
    private final HikariDataSource pool;
    private volatile @Nullable QueueConnectionException trouble;
    private volatile boolean prepared;
    private volatile boolean closing;
    private final MovedClock clock;
    private volatile long workedAt = System.nanoTime();

    Connections(
            Dialling dialling,
            Schema schema,
            Failures failures,
            PostgresSettings settings,
            MovedClock clock,
            Threads threads) {
        this.dialling = dialling;
        this.schema = schema;
        this.failures = failures;
        this.settings = settings;
        this.clock = clock;
        HikariConfig config = new HikariConfig();
        config.setPoolName("slackline-" + settings.schema());
        config.setDataSource(dialling);
        config.setMaximumPoolSize(MOST);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(WAIT.toMillis());
        config.setValidationTimeout(VALIDATION.toMillis());
        config.setIdleTimeout(IDLE.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setThreadFactory(threads.factory());
        this.pool = new HikariDataSource(config);
        this.trouble = failures.connection("not connected yet", true, null);
        dialling.tell(this::triedAgain);
    }

    /**
     * Connects for the first time, and prepares the schema.
     *
     * @throws QueueConnectionException if that fails: not retryable if the server refuses
     */
    void connect() {
        try (Connection connection = dialling.dial()) {
            prepare(connection);
            clock.catchUp(connection);
            worked();
        } catch (SQLException e) {
            failed(e);
            throw failures.connection(failures.describe(e), Failures.retryable(e), e);
        } catch (QueueConnectionException e) {
            trouble = e;
            throw e;
        }
    }

    /** Works on a connection. What it does counts as a whole, or not at all. */
    <T extends @Nullable Object> T call(Work<T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            if (!prepared) {
                prepare(connection);
            }
            clock.catchUp(connection);
            T result = work.on(connection);
            worked();
            return result;
        } catch (SQLException e) {
            failed(e);
            throw e;
        } catch (QueueConnectionException e) {
            trouble = e;
            throw e;
        }
    }

    /** A connection outside of the pool, for who listens on it; the caller closes it. */
    Connection dial() throws SQLException {
        return dialling.dial();
    }

    boolean isPooled() {
        return dialling.isPooled();
    }

    /** Why the server cannot be worked with; null if it can. */
    @Nullable
    QueueConnectionException trouble() {
        return trouble;
    }

    /** Asks the server, unless it has answered in this time. */
    void probe(Duration quiet) {
        if (System.nanoTime() - workedAt < quiet.toNanos() && trouble == null) {
            return;
        }
        try {
            call(connection -> connection.isValid((int) Dialling.ANSWER.toSeconds()));
        } catch (SQLException | QueueException e) {
            log.trace("the server does not answer", e);
        }
    }

    /** Closes what is open, and waits no longer than that takes with a server that answers. */
    void close() throws InterruptedException {
        closing = true;
        Thread closer = new Thread(pool::close, "slackline-postgres-close");
        closer.setDaemon(true);
        closer.start();
        closer.join(CLOSING.toMillis());
    }

    private synchronized void prepare(Connection connection) throws SQLException {
        if (!prepared) {
            schema.ensure(connection);
            Risks.of(connection).forEach(risk -> log.warn("{} place={}", risk, settings.place()));
            prepared = true;
        }
    }

    private void worked() {
        workedAt = System.nanoTime();
        if (trouble != null) {
            log.debug("connected place={}", settings.place());
            trouble = null;
        }
    }

    /** Says why while others still wait for a try that does not fail. */
    private void triedAgain(SQLException cause) {
        if (trouble != null) {
            failed(cause);
        }
    }

    private void failed(SQLException cause) {
        if (!Failures.concernsConnection(cause)) {
            return;
        }
        boolean refused = !prepared && Failures.refused(cause);
        QueueConnectionException why = failures.connection(failures.describe(cause), !refused, cause);
        if (trouble == null && !closing) {
            log.warn("the connection is lost and will be made again: {}", why.getMessage());
        }
        trouble = why;
    }

    /** How long a thread that has nothing else to do waits before it tries again. */
    static void pause(Duration pause) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    }
}
