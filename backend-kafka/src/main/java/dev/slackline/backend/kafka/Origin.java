package dev.slackline.backend.kafka;

import dev.slackline.queue.Settlement;
import java.util.concurrent.CompletableFuture;

/** Where an entry has come from, and who keeps what becomes of it. Guarded by the {@link Holdings} its entries are in. */
abstract class Origin {

    /**
     * Somebody who waits until a settlement is stored.
     *
     * @param gone whether it was settled for good
     */
    record Waiting(Entry entry, boolean gone, KafkaDelivery delivery, CompletableFuture<Settlement> told) {}

    boolean owned = true;
    boolean leaving; // what is not handed out yet is another's to hand out

    /** It is done with. */
    abstract void settled(Entry entry);

    /** Its attempt or its time has changed. @return whether it stays here */
    abstract boolean changed(Entry entry);

    abstract void await(Waiting one);
}
