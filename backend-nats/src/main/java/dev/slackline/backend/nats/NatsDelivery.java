package dev.slackline.backend.nats;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.Settlement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One message that a member has fetched. JetStream takes a settlement from anybody, whoever has the message by now; that
 * a late one is refused is up to this.
 */
final class NatsDelivery implements Delivery {

    private enum State {
        /** Nobody has settled it. */
        HELD,
        /** Something else is stored before it is settled. */
        PREPARING,
        /** The server was told and has not answered. */
        SETTLING,
        SETTLED,
        STALE
    }

    private static final byte[] ACK = "+ACK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAK = "-NAK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] IN_PROGRESS = "+WPI".getBytes(StandardCharsets.US_ASCII);
    /** From here on a delay is noted down: a server that starts again has forgotten it. */
    private static final Duration NOTED = Duration.ofSeconds(1);

    private static final long NEVER = Long.MAX_VALUE;

    private final Wire.Stored stored;
    private final Place place;
    private final int attempt;
    private final long note;
    private final Leases leases;

    // Guarded by this.
    private State state = State.HELD;
    private long leaseEndMillis = NEVER;
    private long seenNanos = System.nanoTime();
    private long beatNanos = seenNanos;

    /**
     * Where a delivery comes from.
     *
     * @param reply the subject that settlements go to
     * @param sequence of the message in its stream
     * @param stored when the server stored it
     * @param delivered how often the server has delivered it to the group
     * @param ackWait for how long the server waits for a sign of life
     */
    record Place(String group, String reply, long sequence, Instant stored, long delivered, Duration ackWait) {}

    /** Held, without a lease as long as it is not handed out. */
    NatsDelivery(Wire.Stored stored, Place place, Attempts.Count count, Leases leases) {
        this.stored = stored;
        this.place = place;
        this.attempt = count.attempt();
        this.note = count.note();
        this.leases = leases;
    }

    @Override
    public Message message() {
        return stored.message();
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public List<Death> deaths() {
        return stored.deaths();
    }

    @Override
    public CompletionStage<Settlement> ack() {
        return begin(State.SETTLING) ? tell(ACK, true) : late();
    }

    @Override
    public CompletionStage<Settlement> retry(Duration delay, String reason) {
        boolean isNoted = delay.compareTo(NOTED) >= 0;
        if (!begin(isNoted ? State.PREPARING : State.SETTLING)) {
            return late();
        }
        leases.delayed(place.group(), delay);
        return isNoted
                ? after(leases.attempts().note(place, attempt + 1, delay), nak(delay), false)
                : tell(nak(delay), false);
    }

    /** Not now: it has come before the delay of its last retry was over. */
    void postpone(Duration left) {
        if (begin(State.PREPARING)) {
            after(leases.attempts().note(place, attempt), nak(left), false).whenComplete((settlement, error) -> {
                if (error != null) { // else our signs of life would keep it for ever
                    leases.releaseLater(this);
                }
            });
        }
    }

    private static byte[] nak(Duration delay) {
        return delay.isZero() ? NAK : ("-NAK {\"delay\":" + delay.toNanos() + "}").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public CompletionStage<Settlement> deadLetter(String reason) {
        return begin(State.PREPARING) ? after(leases.bury(place.group(), stored, attempt, reason), ACK, true) : late();
    }

    @Override
    public CompletionStage<Settlement> release() {
        return begin(State.PREPARING) ? after(leases.attempts().note(place, attempt), NAK, false) : late();
    }

    @Override
    public synchronized CompletionStage<Boolean> renew() {
        boolean held = isOurs();
        if (held) {
            leaseEndMillis = leases.leaseEndMillis();
        }
        return CompletableFuture.completedStage(held);
    }

    String group() {
        return place.group();
    }

    /** From now on it is the subscriber's. @return false if it has become somebody else's meanwhile */
    synchronized boolean handOut() {
        leaseEndMillis = leases.leaseEndMillis();
        return isOurs();
    }

    /** Whether it is settled or lost, and nothing is to be done for it any more. */
    synchronized boolean isOver() {
        return state == State.SETTLED || state == State.STALE;
    }

    synchronized boolean isSettling() {
        return state == State.SETTLING || state == State.PREPARING;
    }

    /** Gives up what the server has given up, and what its time is over for. */
    void expire(long nowMillis) {
        synchronized (this) {
            if (!isOurs() || leaseEndMillis > nowMillis) {
                return;
            }
            state = State.STALE; // and one more attempt was made
        }
        leases.tell(place.reply(), NAK);
    }

    /** Gives it up unsettled: whoever had it is gone. */
    void abandon() {
        synchronized (this) {
            if (!isOurs()) {
                return;
            }
            state = State.STALE;
        }
        leases.tell(place.reply(), NAK);
    }

    /** Whether a sign of life is due. */
    synchronized boolean isBeatDue(long nowNanos) {
        return (state == State.HELD || state == State.PREPARING)
                && nowNanos - beatNanos >= place.ackWait().toNanos() / 3;
    }

    /**
     * Sends a sign of life, unless it was settled meanwhile: after a settlement it would undo a delay.
     *
     * @param answered run when the server has worked off this one and all before; null to be told nothing
     * @return whether it was sent
     */
    synchronized boolean beat(long nowNanos, @Nullable Runnable answered) {
        if (state != State.HELD && state != State.PREPARING) {
            return false;
        }
        beatNanos = nowNanos;
        if (answered == null) {
            leases.tell(place.reply(), IN_PROGRESS);
        } else {
            leases.ask(place.reply(), IN_PROGRESS, answered);
        }
        return true;
    }

    /** The server has heard the sign of life that was sent then. */
    synchronized void alive(long sentNanos) {
        seenNanos = sentNanos;
    }

    /** Whether it is held, and the server certainly has given it to nobody else. */
    private synchronized boolean isOurs() {
        if (state == State.HELD
                && System.nanoTime() - seenNanos >= place.ackWait().toNanos()) {
            state = State.STALE;
        }
        return state == State.HELD;
    }

    private synchronized boolean begin(State next) {
        if (!isOurs()) {
            return false;
        }
        state = next;
        return true;
    }

    private synchronized CompletionStage<Settlement> late() {
        return CompletableFuture.completedStage(state == State.STALE ? Settlement.STALE : Settlement.ALREADY_SETTLED);
    }

    /** Tells the server once it has stored what comes first. */
    private CompletionStage<Settlement> after(CompletionStage<Void> first, byte[] settlement, boolean forGood) {
        CompletableFuture<Settlement> result = new CompletableFuture<>();
        first.whenComplete((done, error) -> {
            if (error != null) {
                unsettled();
                result.completeExceptionally(error);
                return;
            }
            synchronized (this) {
                state = State.SETTLING;
            }
            tell(settlement, forGood).whenComplete((settled, unknown) -> {
                if (unknown == null) {
                    result.complete(settled);
                } else {
                    result.completeExceptionally(unknown);
                }
            });
        });
        return result;
    }

    private CompletionStage<Settlement> tell(byte[] settlement, boolean forGood) {
        CompletableFuture<Settlement> result = new CompletableFuture<>();
        leases.settle(place.reply(), settlement, new Requests.Answer() {
            @Override
            public void answered(io.nats.client.Message reply) {
                synchronized (NatsDelivery.this) {
                    state = State.SETTLED;
                }
                leases.settled(NatsDelivery.this, place, forGood, note);
                result.complete(Settlement.SETTLED);
            }

            @Override
            public void failed(QueueException why) {
                unsettled();
                result.completeExceptionally(leases.unknown(message().id(), why));
            }
        });
        return result;
    }

    /** It may be settled again, as long as it is ours. */
    private synchronized void unsettled() {
        if (state == State.SETTLING || state == State.PREPARING) {
            state = State.HELD;
        }
    }
}
