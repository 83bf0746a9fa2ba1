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
        /** Is being stored elsewhere, to be had there. */
        MOVING,
        /** Done with. */
        SETTLED
    }

    final Origin origin;
    final long offset;
    final Story story;
    final @Nullable String lane; // of those in one lane the first alone may be handed out
    State state = State.READY;
    int attempt;
    long dueMillis;
    long token;

    @Nullable
    KafkaDelivery delivery;

    boolean queued; // among those that can be had

    Entry(Origin origin, long offset, Story story, int attempt, @Nullable String lane) {
        this.origin = origin;
        this.lane = lane;
        this.offset = offset;
        this.story = story;
        this.attempt = attempt;
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
