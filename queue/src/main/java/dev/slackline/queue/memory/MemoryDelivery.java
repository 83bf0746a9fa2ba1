package dev.slackline.queue.memory;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** One lease of one entry. */
final class MemoryDelivery implements Delivery {

    private final MemoryGroup group;
    private final MemoryGroup.Entry entry;
    private final Object token;
    private final int attempt;
    private final AtomicBoolean settled = new AtomicBoolean();

    MemoryDelivery(MemoryGroup group, MemoryGroup.Entry entry, Object token) {
        this.group = group;
        this.entry = entry;
        this.token = token;
        this.attempt = entry.attempt;
    }

    @Override
    public Message message() {
        return entry.message;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public List<Death> deaths() {
        return entry.deaths;
    }

    @Override
    public CompletionStage<Settlement> ack() {
        return settle(() -> group.finish(entry));
    }

    @Override
    public CompletionStage<Settlement> retry(Duration delay, String reason) {
        return settle(() -> group.again(entry, delay));
    }

    @Override
    public CompletionStage<Settlement> deadLetter(String reason) {
        return settle(() -> group.bury(entry, reason));
    }

    @Override
    public CompletionStage<Settlement> release() {
        return settle(() -> group.makeReady(entry));
    }

    @Override
    public CompletionStage<Boolean> renew() {
        return settled.get() ? CompletableFuture.completedStage(false) : group.renew(entry, token);
    }

    private CompletionStage<Settlement> settle(Runnable effect) {
        if (!settled.compareAndSet(false, true)) {
            return CompletableFuture.completedStage(Settlement.ALREADY_SETTLED);
        }
        return group.settle(entry, token, effect)
                .thenApply(held -> held ? Settlement.SETTLED : Settlement.STALE)
                .whenComplete((settlement, error) -> {
                    if (error != null) {
                        settled.set(false); // not taken: it may be settled again
                    }
                });
    }
}
