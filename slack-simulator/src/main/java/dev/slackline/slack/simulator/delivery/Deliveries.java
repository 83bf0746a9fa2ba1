package dev.slackline.slack.simulator.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends each occurrence to the app, events again as Slack does: nearly at once, after a minute, after five. Thread-safe.
 */
public final class Deliveries {

    private final ScheduledExecutorService timer;
    private final List<Duration> waits;
    private final List<Occurrence> all = new ArrayList<>();
    private volatile Way way;

    /**
     * Sends through a way that may be changed later.
     *
     * @param waits how long Slack waits before each retry
     */
    public Deliveries(ScheduledExecutorService timer, List<Duration> waits, Way way) {
        this.timer = timer;
        this.waits = waits;
        this.way = way;
    }

    /** Sends everything from now on, retries as well, another way. */
    public void use(Way other) {
        way = other;
    }

    /** Everything that the app was told of, in order. */
    public List<Occurrence> all() {
        synchronized (all) {
            return List.copyOf(all);
        }
    }

    /** Tells the app of something. Does not wait for it. */
    public Occurrence deliver(Occurrence occurrence) {
        synchronized (all) {
            all.add(occurrence);
        }
        attempt(occurrence, 0, null);
        return occurrence;
    }

    private void attempt(Occurrence occurrence, int number, @Nullable String reason) {
        way.send(occurrence, number, reason).thenAccept(attempt -> {
            if (attempt.acknowledged() || occurrence.kind() != Kind.EVENT || number >= waits.size()) {
                occurrence.settle(attempt);
            } else {
                again(occurrence, number, attempt);
            }
        });
    }

    private void again(Occurrence occurrence, int number, Attempt failed) {
        try {
            timer.schedule(
                    () -> attempt(occurrence, number + 1, failed.failure()),
                    waits.get(number).toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            occurrence.settle(failed); // the simulator ends
        }
    }
}
