package dev.slackline.backend.sqlite;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.QueueSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. What has queued up becomes one transaction, so that many callers share one sync; those who
 * wait for messages are served in the same transaction. If it fails, each write gets one of its own, so that none fails
 * for another's sake.
 */
final class Writer {

    private static final Logger log = LoggerFactory.getLogger(Writer.class);

    private static final long BUSY_RETRY_NANOS = 100_000;

    /** So many messages handed out at once are load: those who got them are about to settle them and ask for more. */
    private static final int MANY_HANDED_OUT = 16;

    private static final int MOMENTS = 2;
    private static final long MOMENT_NANOS = 40_000;

    private final Database db;
    private final QueueSettings queueSettings;
    private final SqliteSettings settings;
    private final InstantSource clock;
    private final Failures failures;
    private final Completions completions;
    private final Checkpoints checkpoints;
    private final WriteQueue queue = new WriteQueue();
    private final Waiting waiting = new Waiting();
    private final Members members = new Members();
    private final Leasing leasing = new Leasing(this);
    private final Sweep sweep;
    private final LogWatch watch;
    private final Idle idle;
    private final Thread thread = new Thread(this::loop, "slackline-sqlite-writer");
    private volatile boolean sleeping;
    private volatile boolean stopping;
    private volatile boolean stopped;
    private volatile @Nullable Throwable trouble;
    private boolean unfinished;
    private int handedOut;

    Writer(
            Database db,
            QueueSettings queueSettings,
            SqliteSettings settings,
            InstantSource clock,
            Failures failures,
            Completions completions,
            Checkpoints checkpoints) {
        this.db = db;
        this.queueSettings = queueSettings;
        this.settings = settings;
        this.clock = clock;
        this.failures = failures;
        this.completions = completions;
        this.checkpoints = checkpoints;
        this.sweep = new Sweep(settings.retention());
        this.watch = new LogWatch(settings.path(), this::stirred);
        this.idle = new Idle(db, waiting, watch);
        thread.setDaemon(true);
    }

    /** Takes over the connection: from here on this waits for other processes itself, as SQLite would sleep too long. */
    void start() throws SQLException {
        db.execute("PRAGMA busy_timeout = 0");
        db.execute("PRAGMA wal_autocheckpoint = " + Checkpoints.LARGEST_LOG_PAGES);
        thread.start();
    }

    Failures failures() {
        return failures;
    }

    Members members() {
        return members;
    }

    /** Why the last transaction failed; null if it did not. */
    @Nullable
    Throwable trouble() {
        return trouble;
    }

    /** Queues a write. */
    <T> CompletableFuture<T> submit(Write<T> write) {
        queue.add(write);
        if (stopped && queue.remove(write)) {
            write.failed(failures.closed());
            write.complete();
        }
        wake();
        return write.result;
    }

    /** Whether so much waits to be written that more should be refused. */
    boolean isOverloaded() {
        return queue.isOverloaded();
    }

    CompletableFuture<List<Delivery>> demand(SqliteMember member) {
        CompletableFuture<List<Delivery>> deliveries = waiting.add(member);
        if (stopping) {
            waiting.remove(member);
        }
        wake();
        return deliveries;
    }

    void join(SqliteMember member) {
        members.join(member);
        wake();
    }

    void leave(SqliteMember member) {
        waiting.remove(member);
        members.leave(member);
        wake();
    }

    /** Finishes what was queued and stops; waits no longer than this for it. */
    void stop(Duration timeout) throws InterruptedException {
        stopping = true;
        wake();
        if (Thread.currentThread() != thread) {
            thread.join(timeout.toMillis());
        }
    }

    /** Somebody else writes. */
    private void stirred() {
        idle.stirred();
        wake();
    }

    private void wake() {
        if (sleeping) {
            LockSupport.unpark(thread);
        }
    }

    private void loop() {
        while (!stopping || hasWork()) {
            if (!hasWork()) {
                sleep();
            }
            gather();
            if (hasWork() || isDue()) {
                cycle();
            }
            completions.unstick();
        }
        stopped = true;
        watch.close();
        List<Write<?>> late = new ArrayList<>();
        queue.drainTo(late);
        late.forEach(write -> write.failed(failures.closed()));
        completions.complete(late);
        try {
            db.close();
        } catch (SQLException e) {
            log.warn("closing the database failed", e);
        }
    }

    private boolean hasWork() {
        boolean asked = !queue.isEmpty();
        boolean owed = (!stopping && (unfinished || waiting.isFresh())) || members.isDue(clock.millis());
        return asked || (owed && trouble == null);
    }

    private boolean isDue() {
        try {
            return trouble != null || sweep.isDue(clock.millis()) || idle.isDue(clock.millis());
        } catch (SQLException e) {
            if (!Failures.busy(e)) {
                trouble(e);
            }
            return false;
        }
    }

    private void sleep() {
        Duration time = trouble != null ? Idle.PROBE : idle.time(clock.millis(), !completions.isEmpty());
        sleeping = true;
        if (!hasWork() && !stopping) {
            LockSupport.parkNanos(this, time.toNanos());
        }
        sleeping = false;
    }

    /**
     * Leaves those who were handed messages a moment to settle them, so that what they write now shares a transaction and
     * a sync; else the first of them would have one nearly alone, and the others would wait for it.
     */
    private void gather() {
        for (int i = 0; i < MOMENTS && handedOut >= MANY_HANDED_OUT && !queue.holds(handedOut); i++) {
            LockSupport.parkNanos(this, MOMENT_NANOS);
        }
        handedOut = 0;
    }

    private void cycle() {
        List<Write<?>> batch = new ArrayList<>();
        List<Waiting.Served> served;
        List<SqliteMember> orphans;
        Transaction tx = null;
        try {
            tx = begin();
            for (Write<?> write = queue.moveTo(batch); write != null; write = queue.moveTo(batch)) {
                write.attempt(tx);
            }
            tx.acks().write(tx); // before anybody is served: they let messages of the same ordering key through
            members.write(tx);
            sweep.run(tx);
            served = stopping ? List.of() : waiting.serve(tx, leasing);
            if (trouble != null) {
                tx.touch();
            }
            tx.commit();
        } catch (Throwable e) { // whatever it is, this thread has to live on
            recover(tx, batch, e);
            return;
        }
        recovered();
        members.written(tx.now);
        unfinished = tx.isUnfinished();
        idle.reset();
        handedOut = waiting.handOut(served);
        completions.complete(batch);
        orphans = members.without(tx);
        orphans.forEach(member -> member.end(failures.undeclared(member.group())));
        checkpoint(batch);
    }

    private void checkpoint(List<Write<?>> batch) {
        try {
            checkpoints.committed(db, batch.stream().mapToLong(Write::bytes).sum());
        } catch (SQLException e) { // what is committed stays so, and the next transaction shows what is wrong
            log.debug("a checkpoint failed", e);
        }
    }

    private Transaction begin() throws SQLException {
        long deadline = System.nanoTime() + settings.busyTimeout().toNanos();
        while (true) {
            try {
                return Transaction.begin(db, queueSettings, settings, clock.millis());
            } catch (SQLException e) {
                if (!Failures.busy(e) || System.nanoTime() - deadline > 0) {
                    throw e;
                }
                LockSupport.parkNanos(BUSY_RETRY_NANOS);
            }
        }
    }

    /** The transaction failed: each write gets one of its own, unless not even the lock is to be had. */
    private void recover(@Nullable Transaction tx, List<Write<?>> batch, Throwable cause) {
        if (tx == null) {
            queue.drainTo(batch);
            batch.forEach(write -> write.failed(cause));
            trouble(cause);
        } else {
            tx.rollback();
            if (batch.size() == 1) {
                batch.get(0).failed(cause);
                trouble(cause);
            } else {
                batch.forEach(this::alone);
            }
            if (batch.isEmpty()) {
                trouble(cause);
            }
        }
        unfinished = true;
        if (trouble != null) {
            waiting.fail(failures.consume(cause));
        }
        completions.complete(batch);
    }

    private void alone(Write<?> write) {
        Transaction tx = null;
        try {
            tx = begin();
            write.attempt(tx);
            tx.commit();
            recovered();
        } catch (Throwable e) { // as above
            if (tx != null) {
                tx.rollback();
            }
            write.failed(e);
            trouble(e);
        }
    }

    private void trouble(Throwable cause) {
        if (trouble == null) {
            log.warn("writing fails path={} cause={}", settings.path(), failures.describe(cause));
        }
        trouble = cause;
    }

    private void recovered() {
        if (trouble != null) {
            trouble = null;
            log.info("writing works again path={}", settings.path());
        }
    }
}
