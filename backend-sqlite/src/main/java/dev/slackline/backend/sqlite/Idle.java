package dev.slackline.backend.sqlite;

import java.sql.SQLException;
import java.time.Duration;

/**
 * What the writer looks at while nobody in this process gives it work: whether another process has written, and whether
 * a retry or an expired lease has come due. Used by the writer's thread.
 */
final class Idle {

    /** How soon what another process has published, and what has come due, is noticed while somebody waits for it. */
    private static final Duration POLL = Duration.ofMillis(20);

    /** The same while something was written just now, or is being written: it is heard of before it can be seen. */
    private static final Duration LIVELY_POLL = Duration.ofMillis(4);

    private static final Duration LIVELY = Duration.ofMillis(250);

    /** How often a database that failed is tried. */
    static final Duration PROBE = Duration.ofSeconds(1);

    private static final Duration NAP = Duration.ofSeconds(5);

    private final Database db;
    private final Waiting waiting;
    private final LogWatch watch;
    private volatile long stirredAt = System.nanoTime();
    private long seenVersion = -1;
    private long nextDue = Long.MIN_VALUE;

    Idle(Database db, Waiting waiting, LogWatch watch) {
        this.db = db;
        this.waiting = waiting;
        this.watch = watch;
    }

    /** A transaction has seen and may have changed what there is. */
    void reset() {
        nextDue = Long.MIN_VALUE;
        stirred();
    }

    /** Somebody writes. Called by any thread. */
    void stirred() {
        stirredAt = System.nanoTime();
    }

    /** How long nothing can come due unnoticed. */
    Duration time(long now, boolean resultsWait) {
        if (resultsWait || !waiting.isEmpty()) {
            long poll = poll().toMillis();
            long untilDue = nextDue == Long.MIN_VALUE ? poll : Math.max(1, nextDue - now);
            return Duration.ofMillis(Math.min(poll, untilDue));
        }
        watch.off();
        return NAP;
    }

    /** Switches the watch as well: that takes a moment, which nobody waits for just before a sleep. */
    private Duration poll() {
        if (System.nanoTime() - stirredAt < LIVELY.toNanos()) {
            watch.off();
            return LIVELY_POLL;
        }
        watch.on();
        return POLL;
    }

    /** Whether a transaction may have something to hand out. */
    boolean isDue(long now) throws SQLException {
        if (waiting.isEmpty()) {
            return false;
        }
        long version = db.count("PRAGMA data_version");
        if (version != seenVersion) {
            seenVersion = version;
            stirred();
            return true;
        }
        if (nextDue == Long.MIN_VALUE) {
            nextDue = Long.MAX_VALUE;
            for (String group : waiting.groups()) {
                Long due = db.number(
                        "SELECT min(due) FROM delivery WHERE due IS NOT NULL"
                                + " AND group_id = (SELECT id FROM consumer_group WHERE name = ?)",
                        group);
                nextDue = Math.min(nextDue, due == null ? Long.MAX_VALUE : due);
            }
        }
        return nextDue <= now;
    }
}
