package dev.slackline.queue;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What waits in a group at one moment.
 *
 * @param ready messages that a consumer could be given now or once an earlier one of their ordering key is settled
 * @param inFlight deliveries handed out and not settled
 * @param delayed messages waiting for their retry time
 * @param dead dead letters
 * @param oldestAge how long ago the oldest unsettled message was published; null when there is none
 * @param consumers members that consume now, in every process
 * @param unconsumedSince since when the group has had no consumer; null while it has one
 */
public record GroupStats(
        long ready,
        long inFlight,
        long delayed,
        long dead,
        @Nullable Duration oldestAge,
        int consumers,
        @Nullable Instant unconsumedSince) {

    /** Everything not settled: ready, in flight and delayed. */
    public long waiting() {
        return ready + inFlight + delayed;
    }
}
