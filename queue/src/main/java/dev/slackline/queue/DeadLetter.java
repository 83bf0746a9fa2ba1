package dev.slackline.queue;

import java.time.Instant;
import java.util.List;

/**
 * A message that a group failed at for good (case 43).
 *
 * @param message the original: id, key, headers, time and payload as published
 * @param group the group that failed at it
 * @param deaths every time it died here, oldest first; more than one after a replay; never empty
 */
public record DeadLetter(Message message, String group, List<Death> deaths) {

    /** Copies the list. */
    public DeadLetter {
        deaths = List.copyOf(deaths);
        if (deaths.isEmpty()) {
            throw new IllegalArgumentException("deaths must not be empty");
        }
    }

    /** The last time it died. */
    public Death last() {
        return deaths.get(deaths.size() - 1);
    }

    /**
     * One end of one attempt budget.
     *
     * @param at when
     * @param attempts how many attempts were made in this budget
     * @param reason why it was given up
     */
    public record Death(Instant at, int attempts, String reason) {}
}
