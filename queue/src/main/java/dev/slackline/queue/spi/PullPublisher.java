package dev.slackline.queue.spi;

import dev.slackline.queue.Delivery;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The stream of deliveries of a broker that is asked for messages, with every rule of Reactive Streams (case 28): the
 * backend only says how to fetch. Thread-safe; each subscription is one member of the group. Subscribers are called on
 * the executor, one signal at a time for each subscription. A subscriber that throws loses its subscription, and the
 * delivery goes back without burning an attempt (33).
 */
public final class PullPublisher implements Flow.Publisher<Delivery> {

    /** How a member joins; called once for each subscription. */
    @FunctionalInterface
    public interface Source {
        /** Joins a member. The signals may be used at once, from any thread, and have no effect after it left. */
        Member join(Signals signals);
    }

    /** One member of a group at the broker. */
    public interface Member {
        /**
         * Asks for deliveries; completes with at most {@code max} (or {@link Signals#demand()}), or none, without waiting for any to come. The next
         * call follows when this one is complete and something was asked for: after a full answer, or a wake-up. A
         * failure ends the stream.
         *
         * @param max how many, at least 1
         */
        CompletionStage<List<Delivery>> fetch(int max);

        /** The subscription has ended; called exactly once, after which nothing is fetched. */
        void leave();
    }

    /** What a backend tells a subscription. Thread-safe; returns at once. */
    public interface Signals {
        /** There may be something to fetch. */
        void wake();

        /**
         * How many deliveries are asked for by now: while a fetch is under way at least its {@code max}, and more if the
         * subscriber has asked for more since. The fetch may complete with as many.
         */
        int demand();

        /** The stream must end with this error. */
        void fail(Throwable cause);
    }

    private static final int MAX_FETCH = 1024;

    private final Source source;
    private final Executor executor;

    /** Takes the source of deliveries, and the executor on which subscribers are called. */
    public PullPublisher(Source source, Executor executor) {
        this.source = source;
        this.executor = executor;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Delivery> subscriber) {
        Subscription subscription = new Subscription(Objects.requireNonNull(subscriber, "subscriber"));
        subscription.start();
    }

    private final class Subscription implements Flow.Subscription, Signals, Runnable {

        private final AtomicLong demand = new AtomicLong();
        private final AtomicInteger pendingRuns = new AtomicInteger();
        private final AtomicBoolean awake = new AtomicBoolean(true);
        private final Queue<List<Delivery>> fetched = new ConcurrentLinkedQueue<>();
        private volatile boolean cancelled;
        private volatile boolean stopped;
        private volatile @Nullable Throwable failure;

        // From here on only touched while running, which happens on one thread at a time.
        private Flow.@Nullable Subscriber<? super Delivery> subscriber;
        private @Nullable Member member;
        private final ArrayDeque<Delivery> ready = new ArrayDeque<>();
        private volatile boolean fetching;

        Subscription(Flow.Subscriber<? super Delivery> subscriber) {
            this.subscriber = subscriber;
        }

        void start() {
            pendingRuns.set(1); // holds back every other signal until the subscriber knows its subscription
            Objects.requireNonNull(subscriber).onSubscribe(this);
            try {
                member = source.join(this);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            execute();
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                fail(new IllegalArgumentException("request(" + n + "): demand must be positive (rule 3.9)"));
                return;
            }
            demand.accumulateAndGet(n, (held, more) -> held + more < 0 ? Long.MAX_VALUE : held + more);
            schedule();
        }

        @Override
        public void cancel() {
            cancelled = true;
            schedule();
        }

        @Override
        public void wake() {
            awake.set(true);
            schedule();
        }

        @Override
        public int demand() {
            return (int) Math.min(demand.get(), MAX_FETCH);
        }

        @Override
        public void fail(Throwable cause) {
            if (failure == null) {
                failure = cause;
            }
            schedule();
        }

        private void schedule() {
            if (pendingRuns.getAndIncrement() == 0) {
                execute();
            }
        }

        private void execute() {
            try {
                executor.execute(this);
            } catch (RuntimeException | Error e) { // the backend is shutting down: nothing may be handed out any more
                stopped = true;
                if (failure == null) {
                    failure = e;
                }
                run();
            }
        }

        @Override
        public void run() {
            int runs = pendingRuns.get();
            do {
                try {
                    step();
                } catch (RuntimeException | Error e) {
                    fail(e); // ends the stream in the next step
                }
                runs = pendingRuns.addAndGet(-runs);
            } while (runs != 0);
        }

        private void step() {
            for (List<Delivery> batch = fetched.poll(); batch != null; batch = fetched.poll()) {
                ready.addAll(batch);
            }
            while (!cancelled && !stopped && subscriber != null && !ready.isEmpty()) {
                hand(subscriber, ready.remove());
            }
            if (cancelled || failure != null) {
                end();
            } else if (!fetching && demand.get() > 0 && awake.getAndSet(false)) {
                fetch();
            }
        }

        private void hand(Flow.Subscriber<? super Delivery> to, Delivery delivery) {
            try {
                to.onNext(delivery);
            } catch (RuntimeException | Error e) {
                cancelled = true;
                delivery.release();
            }
        }

        private void fetch() {
            fetching = true;
            int max = demand();
            Objects.requireNonNull(member).fetch(max).whenComplete((batch, error) -> {
                if (error != null) {
                    fail(error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
                } else {
                    if (demand.get() != Long.MAX_VALUE) {
                        demand.addAndGet(-batch.size());
                    }
                    fetched.add(batch);
                    if (batch.size() >= max) {
                        awake.set(true);
                    }
                }
                fetching = false;
                schedule();
            });
        }

        /** Gives back what was not handed out, leaves the group, and tells the subscriber of a failure. */
        private void end() {
            for (Delivery delivery = ready.poll(); delivery != null; delivery = ready.poll()) {
                delivery.release();
            }
            Member left = member;
            member = null;
            if (left != null) {
                left.leave();
            }
            Flow.@Nullable Subscriber<? super Delivery> told = subscriber;
            subscriber = null;
            Throwable cause = failure;
            if (told != null && cause != null && !cancelled) {
                told.onError(cause);
            }
            cancelled = true;
        }
    }
}
