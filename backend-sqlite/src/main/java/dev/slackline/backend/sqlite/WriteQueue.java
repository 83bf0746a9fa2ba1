package dev.slackline.backend.sqlite;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What waits to be written, and how much of it one transaction takes. Filled by any thread, emptied by the writer's. */
final class WriteQueue {

    private static final int MAX_WRITES = 1_024;
    private static final int MAX_BYTES = 4 << 20;
    private static final long MAX_QUEUED_BYTES = 64L << 20;

    private final Queue<Write<?>> writes = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private int batchBytes;

    void add(Write<?> write) {
        bytes.addAndGet(write.bytes());
        writes.add(write);
    }

    /** Takes it out again, unless it has been taken. */
    boolean remove(Write<?> write) {
        boolean removed = writes.remove(write);
        if (removed) {
            bytes.addAndGet(-write.bytes());
        }
        return removed;
    }

    /** Whether at least so many wait. */
    boolean holds(int number) {
        return writes.stream().limit(number).count() == number;
    }

    boolean isEmpty() {
        return writes.isEmpty();
    }

    /** Whether so much waits that more should be refused. */
    boolean isOverloaded() {
        return bytes.get() > MAX_QUEUED_BYTES;
    }

    /** Moves the next write to the batch; null when there is none, or the batch is full. */
    @Nullable
    Write<?> moveTo(List<Write<?>> batch) {
        if (batch.isEmpty()) {
            batchBytes = 0;
        }
        Write<?> write = batch.size() < MAX_WRITES && batchBytes < MAX_BYTES ? writes.poll() : null;
        if (write != null) {
            batchBytes += write.bytes();
            bytes.addAndGet(-write.bytes());
            batch.add(write);
        }
        return write;
    }

    /** Moves everything to the list. */
    void drainTo(List<Write<?>> all) {
        for (Write<?> write = writes.poll(); write != null; write = writes.poll()) {
            bytes.addAndGet(-write.bytes());
            all.add(write);
        }
    }
}
