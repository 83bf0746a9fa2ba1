package dev.slackline.backend.kafka;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One message that was handed out. As long as its partition is owned here a settlement is committed; when it has passed to
 * another process, that is told by a note, and goes by what was lent. Guarded by the monitor of its {@link Holdings}.
 */
final class KafkaDelivery implements Delivery {

    private enum State {
        HELD,
        SETTLING,
        SETTLED,
        STALE
    }

    private final Entry entry;
    private final int attempt;
    private final Holdings holdings;
    private final GroupConsumer consumer;
    private State state = State.HELD;
    private long leaseEndMillis;
    private boolean lost;
    private long token;
    private CompletableFuture<Boolean> passing = CompletableFuture.completedFuture(true);

    KafkaDelivery(Entry entry, Holdings holdings, GroupConsumer consumer, long leaseEndMillis) {
        this.entry = entry;
        this.attempt = entry.attempt;
        this.holdings = holdings;
        this.consumer = consumer;
        this.leaseEndMillis = leaseEndMillis;
    }

    @Override
    public Message message() {
        return entry.story.message();
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public List<Death> deaths() {
        return entry.story.deaths();
    }

    @Override
    public CompletionStage<Settlement> ack() {
        return begin() ? finish(Note.Kind.SETTLED, Duration.ZERO) : late();
    }

    @Override
    public CompletionStage<Settlement> retry(Duration delay, String reason) {
        return begin() ? finish(Note.Kind.RETRY, delay) : late();
    }

    @Override
    public CompletionStage<Settlement> release() {
        return begin() ? finish(Note.Kind.BACK, Duration.ZERO) : late();
    }

    @Override
    public CompletionStage<Settlement> deadLetter(String reason) {
        if (!begin()) {
            return late();
        }
        CompletableFuture<Settlement> result = new CompletableFuture<>();
        consumer.services().bury(consumer.group(), entry.story, attempt, reason).whenComplete((kept, error) -> {
            if (error != null) {
                again();
                result.completeExceptionally(error);
            } else {
                finish(Note.Kind.SETTLED, Duration.ZERO).whenComplete((settlement, unknown) -> {
                    if (unknown == null) {
                        result.complete(settlement);
                    } else {
                        result.completeExceptionally(unknown);
                    }
                });
            }
        });
        return result;
    }

    @Override
    public CompletionStage<Boolean> renew() {
        synchronized (holdings) {
            if (state != State.HELD) {
                return CompletableFuture.completedStage(false);
            }
            leaseEndMillis = consumer.services().leaseEndMillis();
            if (token == 0) {
                return CompletableFuture.completedStage(true);
            }
        }
        return say(Note.Kind.RENEWED, consumer.services().leaseMillis()).thenApply(said -> true);
    }

    /** Whether nobody has begun to settle it. The monitor is held. */
    boolean isHeld() {
        return state == State.HELD;
    }

    boolean isOf(String group) {
        return consumer.group().equals(group);
    }

    Entry entry() {
        return entry;
    }

    long leaseEndMillis() {
        return leaseEndMillis;
    }

    /** Whether its time is over; it is stale then. The monitor is held. */
    boolean expire(long nowMillis) {
        if (state != State.HELD || leaseEndMillis > nowMillis) {
            return false;
        }
        state = State.STALE;
        return true;
    }

    /** Its partition passes to another process, which is to know of it by this token. The monitor is held. */
    void lend(long newToken, CompletableFuture<Boolean> passed) {
        token = newToken;
        passing = passed;
        consumer.services().lent(this);
    }

    /** Its partition has passed to another process, which does not know of it. The monitor is held. */
    void lose() {
        lost = true;
        if (state == State.HELD) {
            state = State.STALE;
        }
    }

    /** Tells whoever has its partition when its time is over. @return whether there is nothing more to watch */
    boolean watch(long nowMillis) {
        synchronized (holdings) {
            if (state == State.SETTLED || state == State.STALE) {
                return true;
            }
            if (!expire(nowMillis)) {
                return false;
            }
        }
        say(Note.Kind.BACK, 0); // if that fails, the other process counts the lease by itself
        return true;
    }

    /** The backend is closed, so that nobody can settle it: whoever has its partition need not wait for its lease. */
    void giveUp() {
        synchronized (holdings) {
            if (state != State.HELD) {
                return;
            }
            state = State.STALE;
        }
        say(Note.Kind.BACK, 0);
    }

    /** What it was settled with is committed, or that is not known. */
    void committed(CompletableFuture<Settlement> told, @Nullable QueueException unknown) {
        synchronized (holdings) {
            state = unknown == null ? State.SETTLED : State.STALE;
        }
        consumer.services().threads().addResult(() -> {
            if (unknown == null) {
                told.complete(Settlement.SETTLED);
            } else {
                told.completeExceptionally(unknown);
            }
        });
    }

    private CompletionStage<Settlement> finish(Note.Kind kind, Duration delay) {
        CompletableFuture<Settlement> told = new CompletableFuture<>();
        boolean here;
        boolean more;
        synchronized (holdings) {
            if (lost) {
                state = State.STALE;
                return CompletableFuture.completedStage(Settlement.STALE);
            }
            int before = holdings.ready();
            here = token == 0;
            if (here) {
                finishHere(kind, delay, told);
            }
            more = holdings.ready() > before;
        }
        if (here) {
            consumer.settled(more);
            return told;
        }
        passing.whenComplete((passed, never) -> {
            if (Boolean.TRUE.equals(passed)) {
                finishThere(kind, delay, told);
            } else {
                committed(told, consumer.services().uncertain(message().id()));
                consumer.services().threads().tell();
            }
        });
        return told;
    }

    private void finishThere(Note.Kind kind, Duration delay, CompletableFuture<Settlement> told) {
        say(kind, delay.toMillis()).whenComplete((said, error) -> {
            synchronized (holdings) {
                state = error == null ? State.SETTLED : State.HELD;
            }
            if (error == null) {
                told.complete(Settlement.SETTLED);
            } else {
                told.completeExceptionally(error);
            }
        });
    }

    private void finishHere(Note.Kind kind, Duration delay, CompletableFuture<Settlement> told) {
        switch (kind) {
            case SETTLED -> holdings.settle(entry);
            case RETRY -> {
                long now = consumer.services().nowMillis();
                holdings.delay(entry, attempt + 1, now + delay.toMillis(), now);
            }
            default -> {
                holdings.giveBack(entry);
                state = State.SETTLED;
                told.complete(Settlement.SETTLED); // nothing was stored: there is nothing to wait for
                return;
            }
        }
        entry.origin.await(new Origin.Waiting(entry, kind == Note.Kind.SETTLED, this, told));
    }

    private CompletionStage<?> say(Note.Kind kind, long millis) {
        return consumer.services()
                .say(new Note(kind, consumer.group(), consumer.services().me(), "", token, attempt + 1, millis));
    }

    private void again() {
        synchronized (holdings) {
            state = lost ? State.STALE : State.HELD;
        }
    }

    private boolean begin() {
        synchronized (holdings) {
            boolean mine = state == State.HELD;
            if (mine) {
                state = State.SETTLING;
            }
            return mine;
        }
    }

    private CompletionStage<Settlement> late() {
        synchronized (holdings) {
            return CompletableFuture.completedStage(
                    state == State.STALE ? Settlement.STALE : Settlement.ALREADY_SETTLED);
        }
    }
}
