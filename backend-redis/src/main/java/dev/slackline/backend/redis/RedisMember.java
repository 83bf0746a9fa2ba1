package dev.slackline.backend.redis;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.spi.PullPublisher;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One subscription of this process. */
final class RedisMember implements PullPublisher.Member {

    private final Consumers consumers;
    private final PullPublisher.Signals signals;
    private final byte[] name;

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
        return consumers.fetch(this, max);
    }

    @Override
    public void leave() {
        consumers.leave(this);
    }
}
