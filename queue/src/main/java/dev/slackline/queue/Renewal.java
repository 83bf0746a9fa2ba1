package dev.slackline.queue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the leases of what is held, by starting each anew three times in its course. */
final class Renewal {

    private static final Logger log = LoggerFactory.getLogger(Renewal.class);

    private final String group;
    private final Supplier<List<Delivery>> held;

    private Renewal(String group, Supplier<List<Delivery>> held) {
        this.group = group;
        this.held = held;
    }

    /** Renews until the returned future is cancelled or the queue is closed. */
    static Future<?> start(Queue queue, String group, Supplier<List<Delivery>> held) {
        Renewal renewal = new Renewal(group, held);
        long third = Math.max(1, queue.settings().lease().toMillis() / 3);
        try {
            return queue.timer().scheduleAtFixedRate(renewal::renew, third, third, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(null); // closed: nothing will be held
        }
    }

    private void renew() {
        try {
            held.get().forEach(this::renew);
        } catch (RuntimeException | Error e) { // thrown out of here, it would be the last renewal
            log.warn("renewing leases failed group={}", group, e);
        }
    }

    private void renew(Delivery delivery) {
        delivery.renew().whenComplete((still, error) -> {
            if (error != null) {
                log.warn(
                        "renewing a lease failed group={} message_id={} cause={}",
                        group,
                        delivery.message().id(),
                        error.getMessage());
            }
        });
    }
}
