package dev.slackline.backend.sqlite;

import dev.slackline.queue.QueueException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Something to be written, together with others in one transaction. May be run again in another transaction after the
 * first was rolled back, so it changes nothing but the database.
 *
 * @param <T> what it tells its caller
 */
abstract class Write<T> {

    final CompletableFuture<T> result = new CompletableFuture<>();
    private @Nullable T value;
    private @Nullable Throwable failure;

    /**
     * Does it, or has the transaction do it together with others of its kind before it commits, and {@link #tell}s what
     * came of it.
     *
     * @throws QueueException if it cannot be done, before anything was changed: concerns this write alone
     */
    abstract void run(Transaction tx) throws SQLException;

    /** What the caller is told when the database failed. */
    abstract QueueException failure(Throwable cause);

    /** Called before the caller is told that it failed. */
    void gaveUp() {}

    /** About how many bytes it adds, which bounds a transaction. */
    int bytes() {
        return 0;
    }

    /** Runs it within a transaction; what concerns it alone is kept for the caller. */
    final void attempt(Transaction tx) throws SQLException {
        failure = null;
        try {
            run(tx);
        } catch (QueueException e) {
            failure = e;
        }
    }

    /** What the caller is told, unless the transaction fails. */
    final void tell(@Nullable T newValue) {
        value = newValue;
    }

    final void failed(Throwable cause) {
        failure = cause instanceof QueueException known ? known : failure(cause);
    }

    /** Tells the caller, once the transaction is committed, and on disk where that is asked for. */
    final void complete() {
        Throwable cause = failure;
        if (cause != null) {
            gaveUp();
            result.completeExceptionally(cause);
        } else {
            result.complete(value);
        }
    }
}
