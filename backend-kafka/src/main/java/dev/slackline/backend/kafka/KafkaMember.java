package dev.slackline.backend.kafka;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.spi.PullPublisher;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One member of a group: takes from what the process has of it. Thread-safe. */
final class KafkaMember implements PullPublisher.Member {

    private final PullPublisher.Signals signals;
    private @Nullable GroupConsumer consumer;
    private boolean left;

    KafkaMember(PullPublisher.Signals signals) {
        this.signals = signals;
    }

    /** It may take from now on. @return whether it still wants to */
    boolean join(GroupConsumer from) {
        synchronized (this) {
            if (left) {
                return false;
            }
            consumer = from;
        }
        signals.wake();
        return true;
    }

    @Override
    public CompletionStage<List<Delivery>> fetch(int max) {
        GroupConsumer from = consumer();
        return CompletableFuture.completedStage(from == null ? List.of() : from.take(max));
    }

    @Override
    public void leave() {
        GroupConsumer from;
        synchronized (this) {
            left = true;
            from = consumer;
        }
        if (from != null) {
            from.leave(this);
        }
    }

    /** There is something to have, now or when it asks. */
    void offer() {
        signals.wake();
    }

    boolean isAsking() {
        return signals.demand() > 0;
    }

    void fail(Throwable why) {
        signals.fail(why);
    }

    private synchronized @Nullable GroupConsumer consumer() {
        return consumer;
    }
}
