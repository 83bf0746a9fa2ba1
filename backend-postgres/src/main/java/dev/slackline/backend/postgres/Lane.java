package dev.slackline.backend.postgres;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that does things of one kind, one batch after another: whatever has queued up goes in one transaction, so that
 * many callers share one round trip and one sync. Thread-safe.
 *
 * @param <P> the kind
 */
final class Lane<P extends Pending<?>> {

    private static final Logger log = LoggerFactory.getLogger(Lane.class);
    private static final int MOST = 1_024;
    private static final int MOST_BYTES = 4 << 20;
    private static final long MOST_QUEUED_BYTES = 64L << 20;

    /** So many answers at once are load: those who got them are about to ask for more. */
    private static final int MANY_ANSWERS = 16;

    private static final int MOMENTS = 8;
    private static final long MOMENT_NANOS = 50_000;

    private final Queue<P> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger length = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final Consumer<List<P>> work;
    private final Threads threads;
    private final Failures failures;
    private final Thread thread;
    private volatile boolean sleeping;
    private volatile boolean stopping;
    private volatile boolean stopped;
    private int answered;

    /**
     * Prepares it.
     *
     * @param work does a batch, and tells each what came of it; what it throws is told to all
     */
    Lane(String name, Threads threads, Failures failures, Consumer<List<P>> work) {
        this.threads = threads;
        this.failures = failures;
        this.work = work;
        this.thread = threads.named(name, this::loop);
    }

    void start() {
        thread.start();
    }

    void add(P pending) {
        bytes.addAndGet(pending.bytes());
        length.incrementAndGet();
        queue.add(pending);
        if (stopped && take(pending)) {
            pending.failed(failures.closed());
            pending.tell();
        } else if (sleeping) {
            LockSupport.unpark(thread);
        }
    }

    /** Whether so much waits that more should be refused. */
    boolean isOverloaded() {
        return bytes.get() > MOST_QUEUED_BYTES;
    }

    /** Finishes what has queued up; waits no longer than this for it. What is left then fails. */
    void stop(Duration timeout) throws InterruptedException {
        stopping = true;
        LockSupport.unpark(thread);
        if (thread.isAlive()) {
            thread.join(timeout.toMillis());
        }
        stopped = true;
        for (P late = queue.poll(); late != null; late = queue.poll()) {
            late.failed(failures.closed());
            late.tell();
        }
    }

    private boolean take(P pending) {
        return queue.remove(pending);
    }

    private void loop() {
        while (!stopping || !queue.isEmpty()) {
            sleep();
            gather();
            List<P> batch = nextBatch();
            if (!batch.isEmpty()) {
                run(batch);
                answered = batch.size();
            }
        }
    }

    private void sleep() {
        sleeping = true;
        while (queue.isEmpty() && !stopping) {
            LockSupport.park(this);
        }
        sleeping = false;
    }

    /**
     * Leaves those who were answered a moment to come back, so that what they do now shares a transaction and a sync; else
     * the first of them would have one nearly alone, and the others would wait for it.
     */
    private void gather() {
        int before = -1;
        for (int i = 0; i < MOMENTS && answered >= MANY_ANSWERS; i++) {
            int now = length.get();
            if (now >= answered || now == before) {
                break;
            }
            before = now;
            LockSupport.parkNanos(this, MOMENT_NANOS);
        }
        answered = 0;
    }

    private List<P> nextBatch() {
        List<P> batch = new ArrayList<>();
        int size = 0;
        while (batch.size() < MOST && size < MOST_BYTES) {
            P pending = queue.poll();
            if (pending == null) {
                break;
            }
            length.decrementAndGet();
            bytes.addAndGet(-pending.bytes());
            size += pending.bytes();
            batch.add(pending);
        }
        return batch;
    }

    private void run(List<P> batch) {
        try {
            work.accept(batch);
        } catch (RuntimeException | Error e) { // whatever it is, this thread has to live on
            log.debug("a batch failed", e);
            batch.forEach(pending -> pending.failed(e));
        }
        batch.forEach(pending -> threads.addResult(pending::tell));
        threads.tell();
    }
}
