package dev.slackline.mcp.inbox;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A call that waits for events: one that takes them, or one that only looks. Guarded by its {@link Tray}, save for the
 * result.
 */
final class Interest {

    /** So many are asked for at once; what is still on its way when nobody wants it any more has to be given back. */
    static final int CHUNK = 8;

    private final Filter filter;
    private final int most;
    private final List<Held> taken = new ArrayList<>();
    private final CompletableFuture<Found> result = new CompletableFuture<>();
    private boolean gathering;

    private Interest(Filter filter, int most) {
        this.filter = filter;
        this.most = most;
    }

    /** One that takes up to so many. */
    static Interest taking(Filter filter, int most) {
        return new Interest(filter, most);
    }

    /** One that is told what is there, and takes nothing. */
    static Interest looking(Filter filter) {
        return new Interest(filter, 0);
    }

    boolean takes() {
        return most > 0;
    }

    boolean isFull() {
        return takes() && taken.size() == most;
    }

    boolean matches(Held held) {
        return filter.matches(held.event());
    }

    /** Takes it if it is for this one. */
    boolean take(Held held) {
        return takes() && !isFull() && matches(held) && taken.add(held);
    }

    List<Held> taken() {
        return taken;
    }

    /** Whether it has got something now and was not waiting for company to it before. */
    boolean startsGathering() {
        boolean starts = !gathering && !taken.isEmpty();
        gathering |= starts;
        return starts;
    }

    /** How many deliveries to ask the queue for. */
    int demand() {
        int missing = takes() ? most - taken.size() : 1;
        return filter.isAny() ? Math.min(missing, CHUNK) : CHUNK;
    }

    CompletableFuture<Found> result() {
        return result;
    }

    /**
     * What came of it.
     *
     * @param events those that match
     * @param others how many more were seen that do not
     */
    record Found(List<Held> events, int others) {

        Found {
            events = List.copyOf(events);
        }
    }
}
