package dev.slackline.queue;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The messages that a group failed at for good, until somebody replays or drops them. Thread-safe. */
public interface DeadLetters {

    /**
     * One page, in order of death.
     *
     * @param after the message id to start after; null for the start
     * @param limit at most how many, 1 to 1000
     */
    CompletionStage<List<DeadLetter>> list(@Nullable String after, int limit);

    /** The dead letter of this message id. */
    CompletionStage<Optional<DeadLetter>> show(String id);

    /**
     * Puts messages back for their original group only, with a fresh attempt budget and their history kept (case 46).
     * An id that is no dead letter (any more) is passed over, so a second replay changes nothing.
     *
     * @return how many were put back
     */
    CompletionStage<Integer> replay(Collection<String> ids);

    /** {@link #replay(Collection)} for every dead letter of the group. */
    CompletionStage<Integer> replayAll();

    /**
     * Takes over a dead letter of a group of this name in another backend, with its history (case 79). Completes with true when
     * the broker has it durably; where {@link Feature#DEDUPLICATION} and {@link Feature#EXACT_STATS} are declared, with false if
     * this message is a dead letter of the group already, which is left as it is. Only where {@link Feature#RESTORE} is declared.
     */
    default CompletionStage<Boolean> restore(DeadLetter letter) {
        return CompletableFuture.failedStage(
                new UnsupportedOperationException("this backend lacks " + Feature.RESTORE));
    }

    /** Forgets messages for good. @return how many were forgotten */
    CompletionStage<Integer> drop(Collection<String> ids);

    /** {@link #drop(Collection)} for every dead letter of the group. */
    CompletionStage<Integer> dropAll();
}
