package dev.slackline.backend.postgres;

import dev.slackline.queue.ConsumeException;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.QueueClosedException;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Says what went wrong with the server, for people, and whether it may go away by itself. */
final class Failures {

    /**
     * SQLSTATE classes and codes of what may pass: connection, transaction rolled back, resources, operator, system; a
     * lock not had in time; a server that only reads.
     */
    private static final Set<String> PASSING = Set.of("08", "40", "53", "57", "58", "55P03", "25006");

    private static final Set<String> CONNECTION = Set.of("08", "57P01", "57P02", "57P03", "53300", "28", "3D000");

    private final PostgresSettings settings;

    Failures(PostgresSettings settings) {
        this.settings = settings;
    }

    PublishException publish(String what, boolean retryable, @Nullable Throwable cause) {
        return new PublishException(what + where(), PostgresProvider.NAME, settings.schema(), retryable, cause);
    }

    PublishException notStored(Throwable cause) {
        return publish("not stored: " + describe(cause), retryable(cause), cause);
    }

    ConsumeException consume(String what, boolean retryable, @Nullable Throwable cause) {
        return new ConsumeException(what + where(), PostgresProvider.NAME, settings.schema(), retryable, cause);
    }

    /** What is told of a failed question or change. */
    QueueException consume(Throwable cause) {
        return cause instanceof QueueException known ? known : consume(describe(cause), retryable(cause), cause);
    }

    ConsumeException undeclared(String group) {
        return consume("the group '" + group + "' is not declared; declare it first", false, null);
    }

    QueueConnectionException connection(String what, boolean retryable, @Nullable Throwable cause) {
        return new QueueConnectionException(what + where(), PostgresProvider.NAME, settings.schema(), retryable, cause);
    }

    QueueClosedException closed() {
        return new QueueClosedException(PostgresProvider.NAME, settings.schema());
    }

    /** Whether it may go away by itself. */
    static boolean retryable(Throwable cause) {
        return cause instanceof QueueException known ? known.retryable() : !refused(cause) && is(cause, PASSING);
    }

    /** Whether the connection, or the way to have one, has failed. */
    static boolean concernsConnection(Throwable cause) {
        return is(cause, CONNECTION);
    }

    /** Whether the server will not have us as we are. */
    static boolean refused(Throwable cause) {
        String state = state(cause);
        return state.startsWith("28") || state.equals("3D000") || state.equals("42501") || untrusted(cause);
    }

    String describe(Throwable cause) {
        String state = state(cause);
        if (untrusted(cause)) {
            return "the server's certificate is not trusted, not made for this host, or it speaks no TLS ("
                    + said(cause) + "); check " + PostgresSettings.TLS_CA.name() + " and the host in "
                    + PostgresSettings.URL.name();
        }
        return switch (state) {
            case "28P01", "28000" ->
                "the server refuses us (" + said(cause) + "); check " + PostgresSettings.USER.name() + ", "
                        + PostgresSettings.PASSWORD.name() + " and " + PostgresSettings.URL.name();
            case "3D000" ->
                "there is no such database (" + said(cause) + "); create it, or check " + PostgresSettings.URL.name();
            case "42501" ->
                "a permission is missing (" + said(cause) + "); see docs/postgres.md for those that are needed";
            case "42P01", "3F000", "42883" ->
                "the tables of the topic are gone (" + said(cause) + "); start again to have them made anew";
            case "25006" ->
                "this server only reads: it is a standby, or was told so; name the primary in "
                        + PostgresSettings.URL.name();
            case "53100" -> "the disk of the server is full (" + said(cause) + "); free some space";
            case "53300" -> "the server takes no more connections (" + said(cause) + ")";
            case "57P01", "57P02", "57P03" -> "the server is stopping or starting (" + said(cause) + ")";
            case "" -> "the database failed: " + cause;
            default ->
                state.startsWith("08")
                        ? unreachable(cause)
                        : "the database failed: " + said(cause) + " [" + state + "]";
        };
    }

    private static String unreachable(Throwable cause) {
        if (has(cause, ConnectException.class::isInstance)) {
            return "the server cannot be reached (connection refused); is it running, and is "
                    + PostgresSettings.URL.name() + " its address?";
        }
        if (has(cause, UnknownHostException.class::isInstance)) {
            return "the server cannot be reached: nobody knows its host name; check " + PostgresSettings.URL.name();
        }
        if (has(cause, SocketTimeoutException.class::isInstance)) {
            return "the server does not answer; is it running, and is " + PostgresSettings.URL.name() + " its address?";
        }
        if (cause instanceof SQLTransientConnectionException && cause.getCause() == null) { // from the pool
            return "no connection was to be had in time: the server does not answer, or is too slow for what is asked of it";
        }
        return "the connection to the server failed: " + said(cause);
    }

    private static boolean untrusted(Throwable cause) {
        return has(cause, CertificateException.class::isInstance)
                || has(
                        cause,
                        e -> e instanceof SQLException
                                && String.valueOf(e.getMessage())
                                        .matches("(?s).*(does not support SSL|could not be verified|SSL root).*"));
    }

    /** The first SQLSTATE that is given; empty if none is. A pool that has no connection says why in its cause. */
    static String state(Throwable cause) {
        String found = "";
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof SQLException sql && sql.getSQLState() != null) {
                found = sql.getSQLState();
            }
        }
        return found.isEmpty() && cause instanceof java.sql.SQLTransientException ? "08001" : found;
    }

    private static boolean is(Throwable cause, Set<String> states) {
        String state = state(cause);
        return state.length() == 5 && (states.contains(state) || states.contains(state.substring(0, 2)));
    }

    /** What the server or the driver said, which quotes no payload. */
    private static String said(Throwable cause) {
        Throwable deepest = cause;
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof SQLException) {
                deepest = e;
            }
        }
        String text = String.valueOf(deepest.getMessage());
        return text.lines().findFirst().orElse("nothing");
    }

    private static boolean has(Throwable cause, Predicate<Throwable> what) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (what.test(e)) {
                return true;
            }
        }
        return false;
    }

    private String where() {
        return " (backend " + PostgresProvider.NAME + ", " + settings.place() + ")";
    }
}
