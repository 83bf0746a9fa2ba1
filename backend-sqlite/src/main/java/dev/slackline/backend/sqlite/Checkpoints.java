package dev.slackline.backend.sqlite;

import java.sql.SQLException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves what was committed from the write-ahead log into the file, over a connection of its own, so that the writer does
 * not stand still for it. Between two transactions the writer moves the few pages that were added meanwhile; only then
 * can the log begin anew. If this does not keep up, SQLite makes the writer do all of it, at
 * {@value #LARGEST_LOG_PAGES} pages.
 */
final class Checkpoints {

    static final int LARGEST_LOG_PAGES = 4_000;

    private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);
    private static final String CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)";
    private static final long DUE_BYTES = 8 << 20;
    /** What a transaction adds to the log besides its data: about four pages that are not full. */
    private static final int TRANSACTION_BYTES = 32 << 10;

    private enum State {
        IDLE,
        MOVING,
        NEARLY_DONE
    }

    private final Database db; // guarded by itself
    private final Executor threads;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private long bytes; // the writer's

    Checkpoints(Database db, Executor threads) {
        this.db = db;
        this.threads = threads;
    }

    /** Called by the writer after each transaction, with its connection and about how many bytes it has written. */
    void committed(Database writers, long added) throws SQLException {
        bytes += TRANSACTION_BYTES + added;
        if (state.get() == State.NEARLY_DONE) {
            bytes = 0;
            writers.number(CHECKPOINT);
            state.set(State.IDLE);
        } else if (bytes > DUE_BYTES && state.compareAndSet(State.IDLE, State.MOVING)) {
            try {
                threads.execute(this::move);
            } catch (RejectedExecutionException e) { // closing
                state.set(State.IDLE);
            }
        }
    }

    private void move() {
        synchronized (db) {
            try {
                db.number(CHECKPOINT);
            } catch (SQLException e) { // the writer does it
                log.debug("a checkpoint beside the writer failed", e);
            }
        }
        state.set(State.NEARLY_DONE);
    }

    void close() {
        synchronized (db) {
            try {
                db.close();
            } catch (SQLException e) {
                log.warn("closing the database failed", e);
            }
        }
    }
}
