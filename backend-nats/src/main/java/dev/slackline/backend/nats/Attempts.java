package dev.slackline.backend.nats;

import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which attempt a delivery is. The server counts deliveries, and so also those that were given back unprocessed; what it
 * must not count is noted down before it is given back. Thread-safe.
 */
final class Attempts {

    private static final Pattern NOTE = Pattern.compile("(\\d{1,9}) (\\d{1,9})");

    private final Names names;
    private final Link link;
    private final Publisher publisher;

    Attempts(Names names, Link link, Publisher publisher) {
        this.names = names;
        this.link = link;
        this.publisher = publisher;
    }

    /**
     * An attempt, and where it is noted down.
     *
     * @param note the sequence of the note; 0 if there is none
     */
    record Count(int attempt, long note) {}

    /**
     * Counts a delivery that is not the first.
     *
     * @param first which attempt the first one was
     */
    CompletableFuture<Count> of(String group, long sequence, long delivered, int first) {
        return link.session()
                .api()
                .lastLater(names.state(), names.attempt(group, sequence))
                .thenApply(note -> count(delivered, first, note));
    }

    /** Notes that the next delivery after this one is the same attempt. */
    CompletableFuture<Void> giveBack(String group, long sequence, long delivered, int attempt) {
        return publisher
                .put(names.state(), names.attempt(group, sequence), delivered + " " + attempt)
                .thenAccept(where -> {});
    }

    /** The message is settled for good. */
    void forget(long note) {
        if (note > 0) {
            link.session().api().deleteLater(names.state(), note);
        }
    }

    private static Count count(long delivered, int first, @Nullable Found note) {
        Matcher counts = NOTE.matcher(note == null ? "" : note.body().text());
        if (note == null || !counts.matches()) {
            return new Count((int) Math.min(first - 1 + delivered, Integer.MAX_VALUE - 1), 0);
        }
        long since = Math.max(0, delivered - Long.parseLong(counts.group(1)) - 1); // the server may forget some
        return new Count(
                (int) Math.min(Integer.parseInt(counts.group(2)) + since, Integer.MAX_VALUE - 1), note.sequence());
    }
}
