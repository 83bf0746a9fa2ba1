package dev.slackline.queue;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription of a user: stands between it and the backend's stream, keeps back what no handler should see, and
 * subscribes again after a lost connection. The backend's streams follow one another, so signals stay one at a time.
 */
final class Consumption implements Flow.Subscription {

    private static final Logger log = LoggerFactory.getLogger(Consumption.class);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
    private static final long FIRST_BACKOFF_MILLIS = 100;
    private static final long STANDING_MILLIS = 500;

    private final Queue queue;
    private final String group;
    private volatile Flow.@Nullable Subscriber<? super Delivery> subscriber;
    private volatile boolean ended;

    // Guarded by this: how often the stream was lost since it stood, what the user asked for and has not got, and whom
    // we may ask for it.
    private int failures;
    private long demand;
    private @Nullable Upstream upstream;

    Consumption(Queue queue, String group, Flow.Subscriber<? super Delivery> subscriber) {
        this.queue = queue;
        this.group = group;
        this.subscriber = Objects.requireNonNull(subscriber, "subscriber");
    }

    void start() {
        queue.consumptions().opened(this);
        Objects.requireNonNull(subscriber).onSubscribe(this);
        connect();
    }

    @Override
    public void request(long n) {
        Upstream violated;
        synchronized (this) {
            if (n > 0) {
                demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            }
            violated = upstream;
        }
        if (n > 0) {
            askForMissing();
        } else if (violated != null) {
            violated.request(n); // it ends its stream with the error, after the signal it may be giving now
        } else {
            fail(new IllegalArgumentException("request(" + n + "): demand must be positive (rule 3.9)"));
        }
    }

    @Override
    public void cancel() {
        Upstream current = end();
        queue.consumptions().ended(this);
        if (current != null) {
            current.cancel();
        }
    }

    private synchronized @Nullable Upstream end() {
        ended = true;
        subscriber = null;
        return upstream;
    }

    /** The group it consumes. */
    String group() {
        return group;
    }

    /** Ends the stream with an error, at most once. */
    void fail(Throwable cause) {
        Flow.@Nullable Subscriber<? super Delivery> told;
        synchronized (this) {
            told = subscriber;
            ended = true;
            subscriber = null;
        }
        if (told == null || cause instanceof QueueClosedException) {
            queue.consumptions().ended(this);
        } else {
            queue.consumptions().failed(this, cause);
        }
        if (told != null) {
            told.onError(cause);
        }
    }

    /** Asks the current stream for what was asked of us and not yet of it; outside the lock, as it may deliver at once. */
    private void askForMissing() {
        Upstream asked;
        long missing;
        synchronized (this) {
            asked = upstream;
            if (asked == null || demand <= asked.asked) {
                return;
            }
            missing = demand - asked.asked;
            asked.asked = demand;
        }
        asked.request(missing);
    }

    private void connect() {
        if (ended) {
            return;
        }
        if (queue.isClosed()) {
            fail(queue.closedException());
            return;
        }
        try {
            queue.backend().group(group).declare().thenRun(this::subscribe).whenComplete((nothing, error) -> {
                if (error != null) {
                    lost(error);
                }
            });
        } catch (RuntimeException | Error e) {
            lost(e);
        }
    }

    private void subscribe() {
        if (!ended) {
            queue.backend().consume(group).subscribe(new Upstream());
        }
    }

    private void lost(Throwable error) {
        synchronized (this) {
            upstream = null;
        }
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (ended) {
            return;
        }
        if (queue.isClosed()) {
            fail(queue.closedException());
            return;
        }
        if (!(cause instanceof QueueException known) || !known.retryable()) {
            fail(cause);
            return;
        }
        int before;
        synchronized (this) {
            before = failures++;
        }
        if (before == 0) {
            log.warn("consuming is interrupted and will resume by itself group={} cause={}", group, cause.getMessage());
        }
        if (queue.consumptions().interrupted(this)) {
            queue.listener().interrupted(group, cause);
        }
        if (ended) {
            queue.consumptions()
                    .ended(this); // cancelled since we looked: nobody would make the stream again and say so
            return;
        }
        long whole = Math.min(FIRST_BACKOFF_MILLIS << Math.min(before, 16), MAX_BACKOFF.toMillis());
        long delay = whole / 2 + ThreadLocalRandom.current().nextLong(whole / 2 + 1);
        if (!queue.later(this::connect, delay)) {
            fail(queue.closedException());
        }
    }

    /** The stream has delivered something, or stood for a while: only now is the interruption over. */
    private void standing(Upstream stream) {
        synchronized (this) {
            if (failures == 0 || upstream != stream || ended) {
                return;
            }
            failures = 0;
        }
        log.info("consuming again group={}", group);
        queue.consumptions().resumed(this);
        queue.listener().resumed(group);
    }

    private void deliver(Delivery delivery, Upstream from) {
        Delivery managed = new ManagedDelivery(delivery, group, queue.settings(), queue.listener());
        String reason = delivery.message()
                .payload()
                .problem()
                .map(why -> "the payload is no JSON object: " + why)
                .orElse(null);
        if (reason == null && delivery.attempt() > queue.settings().maxAttempts()) {
            reason = "given up at attempt " + delivery.attempt() + ", after the "
                    + queue.settings().maxAttempts() + " attempts that " + QueueSettings.MAX_ATTEMPTS.name()
                    + " allows: their consumers stopped, or let the lease expire, before they settled it";
        }
        Flow.@Nullable Subscriber<? super Delivery> to = subscriber;
        if (to == null) {
            delivery.release();
        } else if (reason != null) {
            managed.deadLetter(reason).whenComplete((settlement, error) -> {
                if (error != null) {
                    log.warn(
                            "not kept as a dead letter; the message comes back when its lease expires"
                                    + " group={} message_id={} cause={}",
                            group,
                            delivery.message().id(),
                            error.getMessage());
                }
            });
            got(from, 0);
        } else {
            got(from, 1);
            handOut(managed, to);
        }
    }

    private void handOut(Delivery delivery, Flow.Subscriber<? super Delivery> to) {
        try {
            to.onNext(delivery);
        } catch (RuntimeException | Error e) {
            log.error(
                    "a subscriber threw and is given no more group={} message_id={}",
                    group,
                    delivery.message().id(),
                    e);
            Upstream current = end();
            queue.consumptions().failed(this, e);
            if (current != null) {
                current.cancel();
            }
            delivery.release();
        }
    }

    /** Counts a delivery off; one that the user does not see is asked for again. */
    private void got(Upstream from, int handedOut) {
        synchronized (this) {
            if (demand != Long.MAX_VALUE) {
                from.asked--;
                demand -= handedOut;
            }
        }
        askForMissing();
    }

    /** One of the backend's streams. */
    private final class Upstream implements Flow.Subscriber<Delivery> {

        private Flow.@Nullable Subscription subscription;
        /** Guarded by the consumption: asked of this stream and not yet got. */
        private long asked;

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            boolean again;
            synchronized (Consumption.this) {
                upstream = this;
                again = failures > 0;
            }
            if (ended) {
                newSubscription.cancel();
                return;
            }
            queue.consumptions().connected(Consumption.this);
            askForMissing();
            if (again) {
                queue.later(() -> standing(this), STANDING_MILLIS);
            }
        }

        @Override
        public void onNext(Delivery delivery) {
            standing(this);
            deliver(delivery, this);
        }

        @Override
        public void onError(Throwable cause) {
            lost(cause);
        }

        @Override
        public void onComplete() {
            String backend = queue.capabilities().backend();
            lost(new ConsumeException(
                    "the backend ended the stream", backend, queue.backend().topic(), true, null));
        }

        void request(long n) {
            if (subscription != null) {
                subscription.request(n);
            }
        }

        void cancel() {
            if (subscription != null) {
                subscription.cancel();
            }
        }
    }
}
