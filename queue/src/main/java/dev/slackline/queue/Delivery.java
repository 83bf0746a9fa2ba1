package dev.slackline.queue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A received message, to be settled exactly once. Thread-safe. The first settlement wins; a later one completes with
 * {@link Settlement#ALREADY_SETTLED} and has no effect (case 37). A settlement that comes after the lease has passed to
 * somebody else completes with {@link Settlement#STALE} and has no effect (38). The stages complete when the broker has
 * taken the settlement (36); they fail with a retryable {@link QueueException} when that is not known, and the delivery
 * may then be settled again.
 */
public interface Delivery {

    /** What was published, with the id and time it had then, whatever the attempt (31). */
    Message message();

    /** 1 on the first delivery; one more after each failure: a retry or an expired lease (30). */
    int attempt();

    /** Every time this group failed at it for good before it was replayed, oldest first; empty for nearly every message (46). */
    default List<DeadLetter.Death> deaths() {
        return List.of();
    }

    /** Done: this group never sees the message again. */
    CompletionStage<Settlement> ack();

    /**
     * Failed: deliver again, to any member of the group, with {@link #attempt()} one higher and not before the delay has
     * passed (39, 40). On a delivery from a {@link Queue} a delay of zero means the queue's own backoff, and a message
     * that has used up {@code QUEUE_MAX_ATTEMPTS} becomes a dead letter instead (41, 43).
     *
     * @param delay at least how long to wait; zero to 366 days
     * @param reason why it failed, for people; no payload and no secret
     */
    CompletionStage<Settlement> retry(Duration delay, String reason);

    /** Failed for good: keep it as a dead letter with the reason; never deliver it to the group again (42). */
    CompletionStage<Settlement> deadLetter(String reason);

    /** Not processed: give it back at once; burns no attempt (47). */
    CompletionStage<Settlement> release();

    /**
     * Starts the lease anew, so that a slow handler keeps the delivery for another {@code QUEUE_LEASE} (32).
     *
     * @return true while the delivery is still held; false when it is settled or has passed to somebody else
     */
    default CompletionStage<Boolean> renew() {
        return CompletableFuture.completedStage(true);
    }
}
