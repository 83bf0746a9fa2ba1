package dev.slackline.queue;

/** An ability that a backend may lack. None of these lets it lose a message (rule R1 of the compliance kit). */
public enum Feature {
    /** Confirmed messages survive the kill -9 of the process that stored them. */
    DURABLE("confirmed messages survive kill -9"),
    /** One message id is stored once within the deduplication window. */
    DEDUPLICATION("one id is stored once within QUEUE_DEDUP_WINDOW"),
    /** Of the messages that share an ordering key, one at a time is in flight in a group, in the order of publishing. */
    ORDER_BY_KEY("strict order per ordering key, across members and retries"),
    /** A new group may start with what is still held ({@link QueueSettings.Start#EARLIEST}). */
    START_EARLIEST("a new group may start with what is still held"),
    /** Several processes may use the same topic. */
    MULTI_PROCESS("several processes share the topic"),
    /** The broker itself refuses stale settlements; without it the client does, by its own lease clock. */
    FENCED("the broker itself refuses stale settlements"),
    /** The attempt number also counts deliveries whose consumer died. */
    COUNTS_CRASHES("a delivery whose consumer died counts as an attempt"),
    /** {@link GroupStats} are exact rather than estimates. */
    EXACT_STATS("group statistics are exact"),
    /** A group takes over what waited, or died, in another backend: {@link Group#restore}. */
    RESTORE("takes over what waits or has died in another backend");

    private final String meaning;

    Feature(String meaning) {
        this.meaning = meaning;
    }

    /** What it means, in a few words. */
    public String meaning() {
        return meaning;
    }
}
