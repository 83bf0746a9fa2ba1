package dev.slackline.backend.rabbitmq;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/** One message that a member has fetched. It can be settled only through the channel that brought it. */
final class RabbitMqDelivery implements Delivery {

    private enum State {
        HELD,
        SETTLING,
        SETTLED,
        STALE
    }

    private static final long NEVER = Long.MAX_VALUE;
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Story story;
    private final long tag;
    private final long returns;
    private final int epoch;
    private final Member member;
    private final long arrivedNanos = System.nanoTime();
    private final AtomicReference<State> state = new AtomicReference<>(State.HELD);
    private volatile long leaseEndMillis = NEVER;
    private boolean acked; // only touched by the thread that writes to the channel

    /**
     * Held, without a lease as long as it is not handed out.
     *
     * @param returns how often it has come back to its queue, as far as the broker counts that
     * @param epoch of the credit it was sent on
     */
    RabbitMqDelivery(Story story, long tag, long returns, int epoch, Member member) {
        this.story = story;
        this.tag = tag;
        this.returns = returns;
        this.epoch = epoch;
        this.member = member;
    }

    @Override
    public Message message() {
        return story.message();
    }

    @Override
    public int attempt() {
        return story.attempt();
    }

    @Override
    public List<Death> deaths() {
        return story.deaths();
    }

    @Override
    public CompletionStage<Settlement> ack() {
        return begin() ? member.answer(this, true) : late();
    }

    @Override
    public CompletionStage<Settlement> retry(Duration delay, String reason) {
        return begin() ? replacedBy(member.services().putAside(member.group(), story.failed(), delay)) : late();
    }

    @Override
    public CompletionStage<Settlement> deadLetter(String reason) {
        return begin() ? replacedBy(member.services().bury(member.group(), story, reason)) : late();
    }

    @Override
    public CompletionStage<Settlement> release() {
        return begin() ? giveBack() : late();
    }

    @Override
    public CompletionStage<Boolean> renew() {
        boolean held = state.get() == State.HELD;
        if (held) {
            lease();
        }
        return CompletableFuture.completedStage(held);
    }

    long tag() {
        return tag;
    }

    int epoch() {
        return epoch;
    }

    Story story() {
        return story;
    }

    boolean isAcked() {
        return acked;
    }

    void markAcked() {
        acked = true;
    }

    /** From now on it is the subscriber's. */
    void lease() {
        leaseEndMillis = member.services().leaseEndMillis();
    }

    /** Whether it is handed out and nobody has settled it. */
    boolean isHeld() {
        return leaseEndMillis != NEVER && state.get() == State.HELD;
    }

    /** Gives it back if its time is over. */
    void expire(long nowMillis, long longestNanos) {
        boolean tooLong = System.nanoTime() - arrivedNanos > longestNanos;
        if ((leaseEndMillis <= nowMillis || tooLong) && state.compareAndSet(State.HELD, State.STALE)) {
            if (tooLong) {
                member.services().warnOfLongHeld(member.group(), message().id());
            }
            giveBack();
        }
    }

    /** The channel is gone, and the broker has given the message to its queue. */
    void lose() {
        state.compareAndSet(State.HELD, State.STALE);
    }

    /** Its answer has reached the broker, or not. */
    void settled(boolean reached) {
        state.compareAndSet(State.SETTLING, reached ? State.SETTLED : State.STALE);
    }

    /** Back to its queue, without an attempt. */
    CompletionStage<Settlement> giveBack() {
        if (returns < Topology.MOST_RETURNS / 2) {
            return member.answer(this, false);
        }
        CompletableFuture<Settlement> result = new CompletableFuture<>();
        member.services() // a copy has come back never; without one it goes back as it is, for nobody else would do it
                .putBack(member.group(), story)
                .whenComplete((stored, error) -> answer(error == null, result));
        return result;
    }

    /** To wait for the rest of a delay that no one queue is long enough for. */
    void passOn() {
        if (begin()) {
            replacedBy(member.services().putAside(member.group(), story, Duration.ofMillis(story.remainingDelay())))
                    .whenComplete((settlement, error) -> {
                        if (error != null) { // nobody else has it in hand
                            member.services().threads().later(AGAIN, this::passOn);
                        }
                    });
        }
    }

    /** Acknowledges it once the broker has what takes its place. */
    private CompletionStage<Settlement> replacedBy(CompletionStage<Void> copy) {
        CompletableFuture<Settlement> result = new CompletableFuture<>();
        copy.whenComplete((stored, error) -> {
            if (error == null) {
                answer(true, result);
            } else {
                state.compareAndSet(State.SETTLING, State.HELD); // it may be settled again
                if (member.isOver()) { // meanwhile
                    lose();
                }
                result.completeExceptionally(error);
            }
        });
        return result;
    }

    private void answer(boolean ack, CompletableFuture<Settlement> result) {
        member.answer(this, ack).whenComplete((settlement, unknown) -> {
            if (unknown == null) {
                result.complete(settlement);
            } else {
                result.completeExceptionally(unknown);
            }
        });
    }

    private boolean begin() {
        return state.compareAndSet(State.HELD, State.SETTLING);
    }

    private CompletionStage<Settlement> late() {
        return CompletableFuture.completedStage(
                state.get() == State.STALE ? Settlement.STALE : Settlement.ALREADY_SETTLED);
    }
}
