package dev.slackline.backend.postgres;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** One lease, handed to a member. */
final class PostgresDelivery implements Delivery {

    private final Message message;
    private final Lease lease;
    private final List<Death> deaths;
    private final Settler settler;
    private final AtomicBoolean settled = new AtomicBoolean();

    PostgresDelivery(Message message, Lease lease, List<Death> deaths, Settler settler) {
        this.message = message;
        this.lease = lease;
        this.deaths = deaths;
        this.settler = settler;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public int attempt() {
        return lease.attempt();
    }

    @Override
    public List<Death> deaths() {
        return deaths;
    }

    @Override
    public CompletionStage<Settlement> ack() {
        return settle(() -> settler.ack(lease, this::gaveUp));
    }

    @Override
    public CompletionStage<Settlement> retry(Duration delay, String reason) {
        return settle(() -> settler.retry(lease, delay, this::gaveUp));
    }

    @Override
    public CompletionStage<Settlement> deadLetter(String reason) {
        return settle(() -> settler.bury(lease, reason, this::gaveUp));
    }

    @Override
    public CompletionStage<Settlement> release() {
        return settle(() -> settler.release(lease, this::gaveUp));
    }

    @Override
    public CompletionStage<Boolean> renew() {
        return settled.get() ? CompletableFuture.completedStage(false) : settler.renew(lease);
    }

    private CompletionStage<Settlement> settle(Supplier<CompletableFuture<Boolean>> effect) {
        if (!settled.compareAndSet(false, true)) {
            return CompletableFuture.completedStage(Settlement.ALREADY_SETTLED);
        }
        return effect.get().thenApply(held -> held ? Settlement.SETTLED : Settlement.STALE);
    }

    /** The settlement was not taken, as far as it is known: it may be made again. */
    private void gaveUp() {
        settled.set(false);
    }
}
