package dev.slackline.example.folder;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

// [entry]
/**
 * What the name of a file says of its message. Names sort by time.
 *
 * @param due from when it may be had: 0 for at once, the end of the lease while somebody has it, the time of its death
 * @param attempt the attempt that is due or under way
 * @param token tells a lease from every other; {@link #FREE} while nobody has it
 * @param file what stays the same in every name of this message in this group
 */
record Entry(long due, int attempt, String token, String file) {

    static final String FREE = "free";

    private static final String PROCESS = newToken();
    private static final AtomicLong CREATED = new AtomicLong();

    /** A new message, in the order of publishing. */
    static Entry create(long now) {
        return new Entry(now, 1, FREE, "%012d-%s".formatted(CREATED.incrementAndGet(), PROCESS));
    }

    static Entry parse(String name) {
        String[] parts = name.split("_", 4);
        return new Entry(Long.parseLong(parts[0]), Integer.parseInt(parts[1]), parts[2], parts[3]);
    }

    String name() {
        return "%015d_%d_%s_%s".formatted(due, attempt, token, file);
    }

    boolean isFree() {
        return token.equals(FREE);
    }

    /** Lent: an expired lease was a failed attempt. */
    Entry leased(long until) {
        return new Entry(until, isFree() ? attempt : attempt + 1, newToken(), file);
    }

    private static String newToken() {
        return UUID.randomUUID().toString();
    }
}
// [/entry]
