package dev.slackline.backend.rabbitmq;

import dev.slackline.queue.QueueException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One message on its way to the broker, and what comes of it. */
final class Publish implements Runnable {

    final String exchange;
    final String routingKey;
    final Wire.Packed packed;
    final long expiresNanos;
    final CompletableFuture<Void> result = new CompletableFuture<>();

    /** Sent back: no queue wanted it. Guarded by the channel it was sent on. */
    boolean returned;

    private volatile @Nullable QueueException failure;

    /**
     * Prepares it.
     *
     * @param exchange where to; empty for a queue
     * @param routingKey the key, or the name of the queue
     * @param expiresNanos by {@link System#nanoTime()}: nobody waits for it after that
     */
    Publish(String exchange, String routingKey, Wire.Packed packed, long expiresNanos) {
        this.exchange = exchange;
        this.routingKey = routingKey;
        this.packed = packed;
        this.expiresNanos = expiresNanos;
    }

    boolean isLate() {
        return System.nanoTime() - expiresNanos > 0;
    }

    Publish failed(QueueException why) {
        failure = why;
        return this;
    }

    /** Tells the result. */
    @Override
    public void run() {
        QueueException why = failure;
        if (why == null) {
            result.complete(null);
        } else {
            result.completeExceptionally(why);
        }
    }
}
