package dev.slackline.queue;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a handler over a group: at most so many at once, those that share an ordering key one after another, with the
 * lease renewed for as long as a delivery is held. A handler that returns acknowledges; one that throws has the message
 * retried with backoff until {@code QUEUE_MAX_ATTEMPTS}, then kept as a dead letter with the reason. Handlers run on
 * virtual threads where the running JDK has them, on a bounded pool otherwise. Thread-safe.
 *
 * <p>A retry keeps the order of its ordering key where the backend has {@link Feature#ORDER_BY_KEY}: the later messages
 * of the key wait for it. Elsewhere they go on while it waits, still one at a time.
 */
public final class Worker implements AutoCloseable {

    /** What is done with a delivery. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Handles one delivery. To return is to acknowledge, unless the handler has settled the delivery itself.
         *
         * @throws DeadLetterException if no attempt can succeed
         * @throws RetryLaterException to choose the delay of the next attempt
         * @throws Exception to have it retried with the usual backoff
         */
        void handle(Delivery delivery) throws Exception;
    }

    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);
    private static final long START_AGAIN_MILLIS = 500;

    private final Queue queue;
    private final String group;
    private final int concurrency;
    private final Handling handling;
    private final ExecutorService threads;
    private final Future<?> renewal;
    private final Member member = new Member();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Lanes lanes = new Lanes();
    private final Set<Thread> running = new HashSet<>();
    /** Those of them whose handler called {@link #close}; they wait for the others, not for each other. */
    private final Set<Thread> closers = new HashSet<>();

    private int active;
    private boolean closing;

    private Worker(Queue queue, String group, int concurrency, Handler handler, ExecutorService threads) {
        this.queue = queue;
        this.group = group;
        this.concurrency = concurrency;
        this.handling = new Handling(group, handler, this::isClosing);
        this.threads = threads;
        this.renewal = Renewal.start(queue, group, this::held);
    }

    /**
     * Starts to consume a group, which is declared if it is not yet. On a closed queue {@link #ended()} fails at once.
     *
     * @param concurrency how many handlers run at once, at least 1
     */
    public static Worker start(Queue queue, String group, int concurrency, Handler handler) {
        return start(queue, group, concurrency, handler, WorkerThreads.named("slackline-worker-" + group + "-"));
    }

    static Worker start(Queue queue, String group, int concurrency, Handler handler, ExecutorService threads) {
        if (concurrency < 1) {
            throw new IllegalArgumentException("the concurrency must be at least 1, not " + concurrency);
        }
        Flow.Publisher<Delivery> deliveries = queue.consume(group);
        Worker worker = new Worker(queue, group, concurrency, Objects.requireNonNull(handler, "handler"), threads);
        deliveries.subscribe(worker.member);
        return worker;
    }

    /** Completes when the worker was closed; fails if its stream ended with an error that nothing but a person mends. */
    public CompletionStage<Void> ended() {
        return ended.copy();
    }

    /** {@link #close(Duration)} within 30 seconds. */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    /**
     * Drains: takes no more, gives back at once what has not started, waits for the handlers that run, then returns. A
     * handler that still runs when the time is up is interrupted; its message goes back, at the latest when its lease
     * expires. Idempotent; may be called from handlers, which are not waited for.
     *
     * @param timeout how long to wait for handlers
     * @return whether every handler ended in time
     */
    public boolean close(Duration timeout) {
        member.cancel();
        stopStarting().forEach(Delivery::release);
        boolean drained = awaitHandlers(System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout));
        if (drained) {
            threads.shutdown();
        } else {
            renewal.cancel(false);
            threads.shutdownNow();
        }
        ended.complete(null);
        return drained;
    }

    private List<Delivery> stopStarting() {
        lock.lock();
        try {
            closing = true;
            List<Delivery> unstarted = lanes.removeUnstarted();
            stopRenewingWhenDone();
            return unstarted;
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitHandlers(long deadline) {
        lock.lock();
        try {
            boolean fromHandler = running.contains(Thread.currentThread());
            if (fromHandler && closers.add(Thread.currentThread())) {
                changed.signalAll();
            }
            while (!drained(fromHandler ? closers.size() : 0)) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    log.warn("closed with handlers still running group={} running={}", group, running.size());
                    return false;
                }
                changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean drained(int notWaitedFor) {
        return running.size() <= notWaitedFor && lanes.size() <= notWaitedFor;
    }

    private void accept(Delivery delivery) {
        lock.lock();
        try {
            if (!closing) {
                lanes.add(delivery);
                startNext();
                return;
            }
        } finally {
            lock.unlock();
        }
        delivery.release();
    }

    /** Starts what may start; the lock is held. */
    private void startNext() {
        while (active < concurrency) {
            Delivery delivery = lanes.start();
            if (delivery == null) {
                return;
            }
            active++;
            try {
                threads.execute(() -> run(delivery));
            } catch (RuntimeException | Error e) { // the machine has no thread to give
                active--;
                lanes.startLater(delivery);
                log.error("no thread to run a handler on, trying again group={}", group, e);
                queue.later(this::startAgain, START_AGAIN_MILLIS);
                return;
            }
        }
    }

    private void startAgain() {
        lock.lock();
        try {
            startNext();
        } finally {
            lock.unlock();
        }
    }

    private void run(Delivery delivery) {
        CompletionStage<Settlement> settled;
        try {
            enter();
            settled = handling.handle(delivery);
        } catch (Throwable e) { // whatever it is, it must not strand the delivery, its ordering key and its place
            settled = CompletableFuture.failedStage(e);
        } finally {
            leave();
        }
        settled.whenComplete((settlement, error) -> {
            done(delivery);
            if (error != null) {
                log.warn(
                        "settling failed; the message comes back when its lease expires group={} message_id={} cause={}",
                        group,
                        delivery.message().id(),
                        error.getMessage());
            }
        });
    }

    private boolean isClosing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    private void enter() {
        lock.lock();
        try {
            running.add(Thread.currentThread());
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            running.remove(Thread.currentThread());
            closers.remove(Thread.currentThread());
            active--;
            startNext();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Settled: the next of its ordering key may start, and one more may come. */
    private void done(Delivery delivery) {
        lock.lock();
        try {
            lanes.settled(delivery);
            startNext();
            stopRenewingWhenDone();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        member.more();
    }

    /** A handler that closes its worker may go on for long: its lease is kept until it ends. */
    private void stopRenewingWhenDone() {
        if (closing && lanes.size() == 0) {
            renewal.cancel(false);
        }
    }

    private List<Delivery> held() {
        lock.lock();
        try {
            return lanes.held();
        } finally {
            lock.unlock();
        }
    }

    private final class Member implements Flow.Subscriber<Delivery> {

        private volatile Flow.@Nullable Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            newSubscription.request(Math.max(queue.settings().prefetch(), concurrency));
        }

        @Override
        public void onNext(Delivery delivery) {
            accept(delivery);
        }

        @Override
        public void onError(Throwable cause) {
            if (!(cause instanceof QueueClosedException)) {
                log.error("the worker has stopped consuming group={}", group, cause);
            }
            ended.completeExceptionally(cause);
        }

        @Override
        public void onComplete() {
            ended.complete(null);
        }

        void more() {
            Flow.Subscription current = subscription;
            if (current != null) {
                current.request(1);
            }
        }

        void cancel() {
            Flow.Subscription current = subscription;
            if (current != null) {
                current.cancel();
            }
        }
    }
}
