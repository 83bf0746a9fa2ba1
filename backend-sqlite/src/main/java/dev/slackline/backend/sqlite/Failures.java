package dev.slackline.backend.sqlite;

import dev.slackline.queue.ConsumeException;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.QueueClosedException;
import dev.slackline.queue.QueueConnectionException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Says what went wrong with the file, for people, and whether it may go away by itself. */
final class Failures {

    private final Path path;

    Failures(Path path) {
        this.path = path;
    }

    PublishException publish(Throwable cause) {
        return publish("not stored: " + describe(cause), retryable(cause), cause);
    }

    PublishException publish(String what, boolean retryable, @Nullable Throwable cause) {
        return new PublishException(what + where(), SqliteProvider.NAME, SqliteProvider.TOPIC, retryable, cause);
    }

    ConsumeException consume(Throwable cause) {
        return consume(describe(cause), retryable(cause), cause);
    }

    ConsumeException consume(String what, boolean retryable, @Nullable Throwable cause) {
        return new ConsumeException(what + where(), SqliteProvider.NAME, SqliteProvider.TOPIC, retryable, cause);
    }

    ConsumeException undeclared(String group) {
        return consume("the group '" + group + "' is not declared; declare it first", false, null);
    }

    QueueConnectionException refused(String what, @Nullable Throwable cause) {
        return connection(what, false, cause);
    }

    QueueConnectionException connection(String what, boolean retryable, @Nullable Throwable cause) {
        return new QueueConnectionException(
                what + where(), SqliteProvider.NAME, SqliteProvider.TOPIC, retryable, cause);
    }

    QueueClosedException closed() {
        return new QueueClosedException(SqliteProvider.NAME, SqliteProvider.TOPIC);
    }

    String describe(Throwable cause) {
        return switch (code(cause)) {
            case SQLITE_FULL -> "the disk is full; free some space";
            case SQLITE_BUSY, SQLITE_LOCKED ->
                "another process kept the database locked for longer than " + SqliteSettings.BUSY_TIMEOUT.name();
            case SQLITE_IOERR ->
                "the database file cannot be read or written (is the disk full or gone?): " + cause.getMessage();
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_AUTH ->
                "the database file or its folder is not writable for this user: " + cause.getMessage();
            case SQLITE_CORRUPT, SQLITE_NOTADB -> "the database file is damaged: " + cause.getMessage();
            default -> "the database failed: " + cause;
        };
    }

    static boolean retryable(Throwable cause) {
        return switch (code(cause)) {
            case SQLITE_FULL, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_IOERR, SQLITE_NOMEM, SQLITE_PROTOCOL -> true;
            default -> false;
        };
    }

    static boolean corrupt(SQLException cause) {
        return code(cause) == SQLiteErrorCode.SQLITE_CORRUPT;
    }

    static boolean busy(SQLException cause) {
        return code(cause) == SQLiteErrorCode.SQLITE_BUSY;
    }

    /** The primary code behind the extended one that SQLite reported. */
    static SQLiteErrorCode code(Throwable cause) {
        return cause instanceof SQLiteException sqlite
                ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff)
                : SQLiteErrorCode.UNKNOWN_ERROR;
    }

    private String where() {
        return " (backend " + SqliteProvider.NAME + ", topic " + SqliteProvider.TOPIC + ", file " + path + ")";
    }
}
