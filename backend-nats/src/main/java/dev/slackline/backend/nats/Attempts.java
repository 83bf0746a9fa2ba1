package dev.slackline.backend.nats;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which attempt a delivery is, and whether it comes too early. The server counts deliveries, and so also those that were
 * given back unprocessed; and it forgets delays when it starts again. What it would get wrong is noted down before it is
 * told. Thread-safe.
 */
final class Attempts {

    private static final Pattern NOTE = Pattern.compile("(\\d{1,9}) (\\d{1,9})( \\d{1,15})?");
    private static final Duration TOLERANCE = Duration.ofMillis(100);

    private final Names names;
    private final Link link;
    private final Publisher publisher;
    private final Map<String, AtomicLong> newest = new ConcurrentHashMap<>();

    Attempts(Names names, Link link, Publisher publisher) {
        this.names = names;
        this.link = link;
        this.publisher = publisher;
    }

    /**
     * An attempt, and where it is noted down.
     *
     * @param note the sequence of the note; 0 if there is none
     * @param early how much of its delay is left
     */
    record Count(int attempt, long note, Duration early) {

        static Count first(int attempt) {
            return new Count(attempt, 0, Duration.ZERO);
        }

        boolean isEarly() {
            return early.compareTo(TOLERANCE) > 0;
        }
    }

    /**
     * Whether a message may have been delivered to the group before. The server's count alone does not tell: a busy one was
     * seen to begin again at one for what was given back with a delay, and one that has lost the group counts anew. But what
     * is new comes in the order of the stream; what comes after something newer was there before, or is only overtaken.
     */
    boolean isAgain(String group, long sequence, long delivered) {
        long before = newest.computeIfAbsent(group, name -> new AtomicLong()).getAndAccumulate(sequence, Math::max);
        return delivered > 1 || sequence <= before;
    }

    /**
     * Counts a delivery that may not be the first.
     *
     * @param first which attempt the first one was
     */
    CompletableFuture<Count> of(NatsDelivery.Place place, int first) {
        return link.session()
                .api()
                .lastLater(names.state(), names.attempt(place.group(), place.sequence()))
                .thenApply(note -> count(place, first, note));
    }

    /** Notes that the next delivery after this one is this attempt. */
    CompletableFuture<Void> note(NatsDelivery.Place place, int next) {
        return note(place, place.delivered() + " " + next);
    }

    /** {@link #note(NatsDelivery.Place, int)}, and that it is not to come before this delay has passed. */
    CompletableFuture<Void> note(NatsDelivery.Place place, int next, Duration delay) {
        return note(place, place.delivered() + " " + next + " " + delay.toMillis());
    }

    private CompletableFuture<Void> note(NatsDelivery.Place place, String text) {
        return publisher
                .put(names.state(), names.attempt(place.group(), place.sequence()), text)
                .thenAccept(where -> {});
    }

    /** The message is settled for good. */
    void forget(long note) {
        if (note > 0) {
            link.session().api().deleteLater(names.state(), note);
        }
    }

    /** A note that is older than the message is of another one: of a stream that was deleted, and counts anew. */
    private static Count count(NatsDelivery.Place place, int first, @Nullable Found note) {
        long delivered = place.delivered();
        Matcher counts = NOTE.matcher(note == null ? "" : note.body().text());
        if (note == null || !counts.matches() || note.time().isBefore(place.stored())) {
            return Count.first((int) Math.min(first - 1 + delivered, Integer.MAX_VALUE - 1));
        }
        long since = Math.max(0, delivered - Long.parseLong(counts.group(1)) - 1); // the server may forget some
        int attempt = (int) Math.min(Integer.parseInt(counts.group(2)) + since, Integer.MAX_VALUE - 1);
        String delay = counts.group(3);
        return new Count(
                attempt,
                note.sequence(),
                delay == null || since > 0
                        ? Duration.ZERO
                        : left(Duration.ofMillis(Long.parseLong(delay.strip())), note.time()));
    }

    /** By the clock of this machine and that of the server: never more than the delay, should they be apart. */
    private static Duration left(Duration delay, Instant since) {
        Duration left = delay.minus(Duration.between(since, Instant.now()));
        return left.compareTo(delay) > 0 ? delay : left;
    }
}
