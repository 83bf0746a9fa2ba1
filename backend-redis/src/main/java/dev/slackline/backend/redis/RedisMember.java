package dev.slackline.backend.redis;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.spi.PullPublisher;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One subscription of this process. */
final class RedisMember implements PullPublisher.Member {

    /** So many are fetched, or settled, by who has more to do than the server takes one by one. */
    static final int MANY = 32;

    private final Consumers consumers;
    private final PullPublisher.Signals signals;
    private final byte[] name;
    private final AtomicReference<@Nullable CompletableFuture<Void>> moment = new AtomicReference<>();
    private volatile boolean busy;
    private volatile int window;

    RedisMember(Consumers consumers, PullPublisher.Signals signals, byte[] name) {
        this.consumers = consumers;
        this.signals = signals;
        this.name = name;
    }

    /** By which it is counted. */
    byte[] name() {
        return name;
    }

    void wake() {
        signals.wake();
    }

    void fail(Throwable why) {
        signals.fail(why);
    }

    @Override
    public CompletionStage<List<Delivery>> fetch(int max) {
        window = Math.max(window, max);
        if (!busy || max >= enough()) {
            return fetchNow(max);
        }
        // the first of many that are being handled has asked for one more: the others are about to
        CompletableFuture<Void> over = consumers.moment();
        moment.set(over);
        nudge();
        return over.thenCompose(now -> {
            moment.set(null);
            return fetchNow(Math.max(max, signals.demand()));
        });
    }

    /** Something was settled, so that more may have been asked for: it does not wait any longer for what is enough. */
    void nudge() {
        CompletableFuture<Void> waiting = moment.get();
        if (waiting != null && signals.demand() >= enough()) {
            waiting.complete(null);
        }
    }

    /** The server lends the second half while the first is handled. */
    private int enough() {
        return Math.max(MANY, window / 2);
    }

    private CompletionStage<List<Delivery>> fetchNow(int max) {
        return consumers.fetch(this, max).thenApply(deliveries -> {
            busy = deliveries.size() >= MANY;
            return deliveries;
        });
    }

    @Override
    public void leave() {
        consumers.leave(this);
    }
}
