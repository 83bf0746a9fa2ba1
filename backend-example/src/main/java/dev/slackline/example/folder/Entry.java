package dev.slackline.example.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final Pattern NAME = Pattern.compile("(\\d{15})_(\\d{1,9})_([^_]+)_(.+)");
    private static final String PROCESS = newToken();
    private static final AtomicLong CREATED = new AtomicLong();

    /** A new message, in the order of publishing. */
    static Entry create(long now) {
        return new Entry(now, 1, FREE, "%012d-%s".formatted(CREATED.incrementAndGet(), PROCESS));
    }

    /** What the names in a folder say; files of other programs are not ours to touch. */
    static List<Entry> in(Path folder) throws IOException {
        return Folders.names(folder).stream()
                .map(NAME::matcher)
                .filter(Matcher::matches)
                .map(name -> new Entry(
                        Long.parseLong(name.group(1)), Integer.parseInt(name.group(2)), name.group(3), name.group(4)))
                .toList();
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
