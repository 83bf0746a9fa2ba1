package dev.slackline.queue;

import dev.slackline.queue.QueueListener.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A delivery as users get it: settled once, retried with backoff, and dead after its last attempt. */
final class ManagedDelivery implements Delivery {

    private static final Logger log = LoggerFactory.getLogger(ManagedDelivery.class);
    private static final Duration MAX_DELAY = Duration.ofDays(366);

    private final Delivery delivery;
    private final String group;
    private final QueueSettings settings;
    private final QueueListener listener;
    private final AtomicBoolean settled = new AtomicBoolean();

    ManagedDelivery(Delivery delivery, String group, QueueSettings settings, QueueListener listener) {
        this.delivery = delivery;
        this.group = group;
        this.settings = settings;
        this.listener = listener;
    }

    @Override
    public Message message() {
        return delivery.message();
    }

    @Override
    public int attempt() {
        return delivery.attempt();
    }

    @Override
    public List<DeadLetter.Death> deaths() {
        return delivery.deaths();
    }

    @Override
    public CompletionStage<Settlement> ack() {
        return settle(Outcome.ACKED, delivery::ack);
    }

    @Override
    public CompletionStage<Settlement> retry(Duration delay, String reason) {
        requireDelay(delay);
        if (attempt() >= settings.maxAttempts()) {
            return deadLetter(reason);
        }
        Duration waiting = delay.isZero() ? settings.backoffAfter(attempt()) : delay;
        return settle(Outcome.RETRIED, () -> delivery.retry(waiting, reason));
    }

    /** Beyond this, sums with the clock overflow somewhere in one backend or another. */
    static Duration requireDelay(Duration delay) {
        if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
            throw new IllegalArgumentException(
                    "the delay " + delay + " is not allowed: use one from zero to " + MAX_DELAY.toDays() + " days");
        }
        return delay;
    }

    @Override
    public CompletionStage<Settlement> deadLetter(String reason) {
        return settle(Outcome.DEAD_LETTERED, () -> delivery.deadLetter(reason));
    }

    @Override
    public CompletionStage<Settlement> release() {
        return settle(Outcome.RELEASED, delivery::release);
    }

    @Override
    public CompletionStage<Boolean> renew() {
        if (settled.get()) {
            return CompletableFuture.completedStage(false);
        }
        try {
            return delivery.renew();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public String toString() {
        return "Delivery[group=" + group + ", message_id=" + message().id() + ", attempt=" + attempt() + "]";
    }

    private CompletionStage<Settlement> settle(Outcome outcome, Supplier<CompletionStage<Settlement>> call) {
        if (!settled.compareAndSet(false, true)) {
            return CompletableFuture.completedStage(Settlement.ALREADY_SETTLED);
        }
        CompletionStage<Settlement> taken;
        try {
            taken = call.get();
        } catch (RuntimeException | Error e) {
            taken = CompletableFuture.failedStage(e);
        }
        return taken.whenComplete((settlement, error) -> {
            if (error != null) {
                settled.set(false); // not known to have been taken: it may be settled again
            } else {
                if (outcome == Outcome.DEAD_LETTERED && settlement == Settlement.SETTLED) {
                    log.warn(
                            "dead letter group={} message_id={} attempt={}",
                            group,
                            message().id(),
                            attempt());
                }
                listener.settled(group, this, settlement == Settlement.STALE ? Outcome.STALE : outcome);
            }
        });
    }
}
