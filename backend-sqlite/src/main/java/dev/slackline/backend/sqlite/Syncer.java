package dev.slackline.backend.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the write-ahead log on the disk, and only then lets callers know that their writes are durable. While it waits
 * for the disk the writer goes on with the next transaction, and everything committed meanwhile shares the next sync. A
 * checkpoint syncs the log itself before it moves anything, so what has left the log is on the disk as well.
 */
final class Syncer {

    /** How long settlements, which wait for no sync, stay without one. */
    private static final Duration TRAILING = Duration.ofMillis(10);

    private final FileChannel log;
    private final Consumer<List<Write<?>>> done;
    private final Consumer<IOException> failed;
    private final Thread thread = new Thread(this::loop, "slackline-sqlite-syncer");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private List<Write<?>> committed = new ArrayList<>();
    private boolean trailing;
    private boolean stopping;

    /**
     * Makes a syncer that has not started.
     *
     * @param log the write-ahead log; no lock of SQLite is on that file, so it may be opened and closed besides
     * @param done takes the writes that are durable, or failed to be
     * @param failed takes the reason why the disk did not take the log
     */
    Syncer(Path log, Consumer<List<Write<?>>> done, Consumer<IOException> failed) throws IOException {
        this.log = FileChannel.open(log, StandardOpenOption.WRITE);
        this.done = done;
        this.failed = failed;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Has these writes, which are committed, synced at once and then completed. */
    void sync(List<Write<?>> writes) {
        lock.lock();
        try {
            committed.addAll(writes);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Something was committed for which nobody waits: it is synced soon. */
    void syncSoon() {
        lock.lock();
        try {
            if (!trailing) {
                trailing = true;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Syncs what there is and stops. */
    void stop(Duration timeout) throws InterruptedException, IOException {
        lock.lock();
        try {
            stopping = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        thread.join(timeout.toMillis());
        log.close();
    }

    private void loop() {
        for (List<Write<?>> writes = next(); writes != null; writes = next()) {
            try {
                log.force(false);
            } catch (IOException e) {
                writes.forEach(write -> write.failed(e));
                failed.accept(e);
            }
            done.accept(writes);
        }
    }

    /** What the next sync covers; null when there is nothing and nothing will come. */
    private @Nullable List<Write<?>> next() {
        lock.lock();
        try {
            long left = TRAILING.toNanos();
            while (committed.isEmpty() && !stopping && (!trailing || left > 0)) {
                if (trailing) {
                    left = changed.awaitNanos(left);
                } else {
                    changed.await();
                    left = TRAILING.toNanos();
                }
            }
            boolean last = committed.isEmpty() && !trailing;
            List<Write<?>> writes = committed;
            committed = new ArrayList<>();
            trailing = false;
            return last ? null : writes;
        } catch (InterruptedException e) {
            return null;
        } finally {
            lock.unlock();
        }
    }
}
