package dev.slackline.queue;

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

    /** What this group failed at for good. */
    DeadLetters deadLetters();
}
