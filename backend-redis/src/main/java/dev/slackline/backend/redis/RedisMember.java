package dev.slackline.backend.redis;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.spi.PullPublisher;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One subscription of this process. */
final class RedisMember implements PullPublisher.Member {

    private static final int MANY = 32;

    private final Consumers consumers;
    private final PullPublisher.Signals signals;
    private final byte[] name;
    private volatile boolean busy;

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
        if (!busy || max >= MANY) {
            return fetchNow(max);
        }
        // the first of many that are being handled has asked for one more: the others are about to
        return consumers.soon(() -> fetchNow(Math.max(max, signals.demand())));
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
