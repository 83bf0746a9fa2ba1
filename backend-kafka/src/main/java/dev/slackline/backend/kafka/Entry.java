package dev.slackline.backend.kafka;

import org.jspecify.annotations.Nullable;

/** One message of a partition that is owned here, until it is settled. Guarded by the {@link Holdings} it is in. */
final class Entry {

    /** Where it is. */
    enum State {
        /** Waits for somebody to ask, or for the one before it of its ordering key. */
        READY,
        /** Handed out here. */
        HELD,
        /** Waits for its retry. */
        DELAYED,
        /** Handed out by a process that owned the partition before, which has not settled it. */
        LENT,
        /** Done with. */
        SETTLED
    }

    final PartitionLog log;
    final long offset;
    final Story story;
    State state = State.READY;
    int attempt;
    long dueMillis;
    long token;

    @Nullable
    KafkaDelivery delivery;

    boolean queued; // among those that can be had

    Entry(PartitionLog log, long offset, Story story, int attempt) {
        this.log = log;
        this.offset = offset;
        this.story = story;
        this.attempt = attempt;
    }

    @Nullable
    String lane() {
        return story.message().orderingKey();
    }

    int size() {
        return story.message().payload().size() + 512;
    }

    /** What a later owner must know of it. */
    Progress.Mark mark(long nowMillis) {
        return switch (state) {
            case LENT -> new Progress.Mark(attempt, 0, token, Math.max(0, dueMillis - nowMillis));
            case DELAYED -> new Progress.Mark(attempt, dueMillis, 0, 0);
            default -> attempt == 1 ? Progress.Mark.NONE : new Progress.Mark(attempt, 0, 0, 0);
        };
    }
}
