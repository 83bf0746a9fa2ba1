package dev.slackline.queue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * What a message queue must do to carry Slackline: the SPI. Users hold a {@link Queue}, which adds everything that is
 * the same everywhere (argument checks, publish retries, attempt limits, resubscription, closing) and calls this.
 *
 * <p>Every sentence here is an obligation that the compliance kit checks; the case ids are in {@code
 * docs/compliance.md}. Implementations are thread-safe. No method blocks for longer than about a second: work is handed
 * to the backend's own threads and completes the returned stage. A failed stage carries a {@link QueueException}
 * whose {@link QueueException#retryable()} tells whether the same call may succeed later; the backend itself does not
 * retry. After {@link #close()} no method is called.
 */
public interface QueueBackend extends AutoCloseable {

    /**
     * Stores a message for every declared group. Completes when the broker has it durably (case 12) and never completes
     * normally otherwise (13, 14); with no group declared it fails (16). Where {@link Feature#DEDUPLICATION} is
     * declared, a message whose id was stored within the deduplication window completes normally and is not stored
     * again (20).
     */
    CompletionStage<Void> publish(Message message);

    /**
     * The deliveries of one group. Each subscription is one member of the group; members share the messages (51). A
     * member is handed at most as many unsettled deliveries as it has requested (25). {@code cancel} hands nothing
     * further out, gives back without burning an attempt what was fetched and not yet handed out (76), and leaves what
     * was handed out to be settled. A lost connection ends the stream with a retryable error; the caller subscribes
     * again (65, 66). Subscribing to a group that is not declared ends the stream with an error.
     */
    Flow.Publisher<Delivery> consume(String group);

    /** The named group, declared or not. Does no work by itself. */
    Group group(String name);

    /** The names of the declared groups, sorted. */
    CompletionStage<List<String>> groups();

    /**
     * Forgets the topic: every group with what waits for it, and whatever else the backend has made for this topic where
     * others would come across it. For topics that were made to be thrown away. Meant for the last one that uses it.
     */
    default CompletionStage<Void> dropTopic() {
        return groups().thenCompose(names -> CompletableFuture.allOf(names.stream()
                .map(name -> group(name).drop().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new)));
    }

    /** Whether the backend can do its work now, and if not, why. Answers at once from what it knows. */
    Status status();

    /** What this backend can do. Constant over its life; a false claim is a failure of the kit (9). */
    Capabilities capabilities();

    /** The topic it publishes into, for messages and logs. */
    default String topic() {
        return "slack_events";
    }

    /**
     * Ends every subscription, gives back what was fetched and not handed out, finishes what was accepted and releases
     * every thread, file and socket. Idempotent; returns within five seconds.
     */
    @Override
    void close();
}
