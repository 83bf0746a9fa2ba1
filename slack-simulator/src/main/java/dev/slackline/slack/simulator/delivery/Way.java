package dev.slackline.slack.simulator.delivery;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A way to the app: Socket Mode or HTTP. */
public interface Way {

    /**
     * Sends an occurrence once. Does not block, and notes the attempt with the occurrence.
     *
     * @param retry 0, or which retry it is
     * @param reason why it is a retry; null if it is none
     * @return completes with how it ended, within little more than three seconds; never exceptionally
     */
    CompletableFuture<Attempt> send(Occurrence occurrence, int retry, @Nullable String reason);
}
