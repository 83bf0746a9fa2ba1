package dev.slackline.backend.redis;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** One lease of one entry. The server settles it only for who knows the token. */
final class RedisDelivery implements Delivery {

    private final Wire.Entry entry;
    private final Settling.Lease lease;
    private final int attempt;
    private final Consumers consumers;
    private final AtomicBoolean settled = new AtomicBoolean();

    RedisDelivery(Wire.Entry entry, Settling.Lease lease, int attempt, Consumers consumers) {
        this.entry = entry;
        this.lease = lease;
        this.attempt = attempt;
        this.consumers = consumers;
    }

    @Override
    public Message message() {
        return entry.message();
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public List<Death> deaths() {
        return entry.deaths();
    }

    @Override
    public CompletionStage<Settlement> ack() {
        return settle(Settling.of(Settling.ACK, lease));
    }

    @Override
    public CompletionStage<Settlement> retry(Duration delay, String reason) {
        long millis = delay.toMillis() + (delay.toNanosPart() % 1_000_000 > 0 ? 1 : 0);
        return settle(Settling.of(Settling.RETRY, lease, number(millis), number(attempt + 1L)));
    }

    @Override
    public CompletionStage<Settlement> deadLetter(String reason) {
        List<Death> deaths = new ArrayList<>(entry.deaths());
        deaths.add(new Death(consumers.now(), attempt, reason));
        return settle(Settling.of(
                Settling.BURY, lease, Wire.pack(deaths), Wire.utf8(message().id())));
    }

    @Override
    public CompletionStage<Settlement> release() {
        return settle(Settling.of(Settling.RELEASE, lease));
    }

    @Override
    public CompletionStage<Boolean> renew() {
        return settled.get()
                ? CompletableFuture.completedStage(false)
                : consumers.settle(Settling.of(Settling.RENEW, lease));
    }

    private CompletionStage<Settlement> settle(Settling settling) {
        if (!settled.compareAndSet(false, true)) {
            return CompletableFuture.completedStage(Settlement.ALREADY_SETTLED);
        }
        return consumers.settle(settling).handle((held, error) -> {
            if (error != null) {
                settled.set(false); // not known to have been taken: it may be settled again
                throw error instanceof RuntimeException known ? known : new IllegalStateException(error);
            }
            return held ? Settlement.SETTLED : Settlement.STALE;
        });
    }

    private static byte[] number(long number) {
        return Wire.utf8(Long.toString(number));
    }
}
