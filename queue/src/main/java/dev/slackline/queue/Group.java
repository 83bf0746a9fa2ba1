package dev.slackline.queue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A group of consumers of one topic, by name. Thread-safe; holds no resources. */
public interface Group {

    /**
     * Makes the group exist. Idempotent. It gets everything published from here on, whether or not anybody consumes
     * (case 23); with {@link QueueSettings.Start#EARLIEST} also what the backend still holds (52).
     */
    CompletionStage<Void> declare();

    /**
     * Forgets the group, what waits for it and its dead letters. Idempotent. Subscriptions to it end with an error
     * (58).
     */
    CompletionStage<Void> drop();

    /** How much waits here. Fails with a {@link ConsumeException} if the group is not declared. */
    CompletionStage<GroupStats> stats();

    /**
     * Takes over a message that waited for a group of this name in another backend, for this group alone, at the attempt
     * that was due there (case 79). Those of one ordering key come in the order in which they were taken over. Completes with true
     * when the broker has it durably; where {@link Feature#DEDUPLICATION} and {@link Feature#EXACT_STATS} are declared, with
     * false for one that was taken over before and still waits here: it is not stored again. Only where {@link
     * Feature#RESTORE} is declared.
     *
     * @param attempt the attempt it is delivered with, at least 1
     * @param deaths every time it died there, oldest first; empty unless it was replayed
     */
    default CompletionStage<Boolean> restore(Message message, int attempt, List<DeadLetter.Death> deaths) {
        return CompletableFuture.failedStage(
                new UnsupportedOperationException("this backend lacks " + Feature.RESTORE));
    }

    /** What this group failed at for good. */
    DeadLetters deadLetters();
}
