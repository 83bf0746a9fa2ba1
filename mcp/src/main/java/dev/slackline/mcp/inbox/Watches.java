package dev.slackline.mcp.inbox;

import dev.slackline.queue.QueueClosedException;
import dev.slackline.slack.event.SlackEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Looks at groups that somebody wants to hear of, and tells when an event comes. Looks less and less often at events
 * that stay there unclaimed, so that other members get at them. Thread-safe.
 */
final class Watches {

    private static final Duration LOOK = Duration.ofMinutes(10);
    private static final Duration FIRST_REST = Duration.ofMillis(250);
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private final Map<String, Tray> trays;
    private final Predicate<SlackEvent> visible;
    private final ScheduledExecutorService timer;
    private final Consumer<String> changed;
    private final Map<String, Watch> watches = new HashMap<>();
    private boolean closed;

    /** @param changed told the name of a group; must not block */
    Watches(
            Map<String, Tray> trays,
            Predicate<SlackEvent> visible,
            ScheduledExecutorService timer,
            Consumer<String> changed) {
        this.trays = trays;
        this.visible = visible;
        this.timer = timer;
        this.changed = changed;
    }

    /** Looks at these groups from now on, and at no others; asks for them in the order in which they change. */
    synchronized void only(Supplier<Set<String>> wanted) {
        Set<String> groups = closed ? Set.of() : wanted.get();
        watches.entrySet().removeIf(watched -> {
            boolean ends = !groups.contains(watched.getKey());
            watched.getValue().ended |= ends;
            return ends;
        });
        trays.forEach((group, tray) -> {
            if (groups.contains(group) && !watches.containsKey(group)) {
                Watch watch = new Watch(tray);
                watches.put(group, watch);
                watch.look();
            }
        });
    }

    synchronized void close() {
        closed = true;
        only(Set::of);
    }

    private final class Watch {

        private final Tray tray;
        private volatile boolean ended;
        // Touched by one call after the other.
        private Set<String> seen = new HashSet<>();
        private Duration rest = FIRST_REST;

        Watch(Tray tray) {
            this.tray = tray;
        }

        void look() {
            if (!ended) {
                tray.look(Filter.all(visible), LOOK).whenComplete((found, error) -> {
                    if (error == null) {
                        saw(found);
                    } else if (!(error instanceof QueueClosedException)) {
                        lookAgainAfter(LONGEST_REST);
                    }
                });
            }
        }

        private void saw(Interest.Found found) {
            Set<String> ids = found.events().stream()
                    .map(held -> held.event().message().id())
                    .collect(Collectors.toSet());
            boolean fresh = !seen.containsAll(ids);
            seen = ids;
            rest = fresh ? FIRST_REST : shorter(rest.multipliedBy(2), LONGEST_REST);
            if (!ended && (fresh || rest.equals(LONGEST_REST)) && !ids.isEmpty()) {
                changed.accept(tray.group());
            }
            lookAgainAfter(rest);
        }

        private void lookAgainAfter(Duration pause) {
            try {
                timer.schedule(this::look, pause.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                ended = true;
            }
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
