package dev.slackline.backend.sqlite;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** One lease, handed to a member. */
final class SqliteDelivery implements Delivery {

    private final Message message;
    private final Lease lease;
    private final Writer writer;
    private final AtomicBoolean settled = new AtomicBoolean();

    SqliteDelivery(Message message, Lease lease, Writer writer) {
        this.message = message;
        this.lease = lease;
        this.writer = writer;
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
        return Deaths.read(lease.deaths());
    }

    @Override
    public CompletionStage<Settlement> ack() {
        return settle(SettleWrite::ack);
    }

    @Override
    public CompletionStage<Settlement> retry(Duration delay, String reason) {
        return settle(SettleWrite.retry(delay.toMillis()));
    }

    @Override
    public CompletionStage<Settlement> deadLetter(String reason) {
        return settle(SettleWrite.bury(reason));
    }

    @Override
    public CompletionStage<Settlement> release() {
        return settle(SettleWrite::release);
    }

    @Override
    public CompletionStage<Boolean> renew() {
        if (settled.get()) {
            return CompletableFuture.completedStage(false);
        }
        return writer.submit(new SettleWrite<>(lease, SettleWrite::renew, true, false, () -> {}, writer.failures()));
    }

    private CompletionStage<Settlement> settle(SettleWrite.Effect effect) {
        if (!settled.compareAndSet(false, true)) {
            return CompletableFuture.completedStage(Settlement.ALREADY_SETTLED);
        }
        return writer.submit(new SettleWrite<>(
                lease, effect, Settlement.SETTLED, Settlement.STALE, this::gaveUp, writer.failures()));
    }

    /** The settlement was not taken: it may be made again. */
    private void gaveUp() {
        settled.set(false);
    }
}
