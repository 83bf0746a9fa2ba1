package dev.slackline.slack.simulator.delivery;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends each occurrence to the app, events again as Slack does: nearly at once, after a minute, after five. Thread-safe.
 */
public final class Deliveries {

    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private final List<Duration> waits;
    private final EventLimit events;
    private final FailureLimit failures;
    private final List<Occurrence> all = new ArrayList<>();
    private volatile Way way;
    private volatile boolean limited;

    /**
     * Sends through a way that may be changed later.
     *
     * @param waits how long Slack waits before each retry
     * @param eventsPerHour how many events a workspace may cause in an hour, if there are limits
     */
    public Deliveries(
            InstantSource clock, ScheduledExecutorService timer, List<Duration> waits, int eventsPerHour, Way way) {
        this.clock = clock;
        this.timer = timer;
        this.waits = waits;
        this.way = way;
        events = new EventLimit(clock, eventsPerHour);
        failures = new FailureLimit(clock);
    }

    /** Sends everything from now on, retries as well, another way. */
    public void use(Way other) {
        way = other;
    }

    /** Switches the limits on events and on failures on or off. */
    public void limited(boolean on) {
        limited = on;
    }

    /** Whether Slack has switched the subscription off because nearly everything failed. */
    public boolean isSwitchedOff() {
        return failures.isOff();
    }

    /** Switches the subscription on again. */
    public void switchOn() {
        failures.reset();
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
        if (occurrence.kind() != Kind.EVENT || !limited) {
            attempt(occurrence, 0, null);
        } else if (failures.isOff()) {
            occurrence.settle(notSent("subscription_disabled"));
        } else {
            deliverWithin(occurrence);
        }
        return occurrence;
    }

    private void deliverWithin(Occurrence occurrence) {
        String team = occurrence.sent().path("team_id").asString("");
        switch (events.take(team)) {
            case SEND -> attempt(occurrence, 0, null);
            case DROP -> occurrence.settle(notSent("rate_limited"));
            case DROP_WITH_NOTICE -> {
                occurrence.settle(notSent("rate_limited"));
                notice(occurrence.sent(), team);
            }
        }
    }

    private void notice(ObjectNode dropped, String team) {
        long minute = EventLimit.minute(clock.instant());
        ObjectNode payload = JsonNodeFactory.instance
                .objectNode()
                .put("token", dropped.path("token").asString(""))
                .put("type", "app_rate_limited")
                .put("team_id", team)
                .put("minute_rate_limited", minute)
                .put("api_app_id", dropped.path("api_app_id").asString(""));
        Occurrence notice = new Occurrence(team + "." + minute, Kind.EVENT, payload);
        synchronized (all) {
            all.add(notice);
        }
        attempt(notice, 0, null);
    }

    private Attempt notSent(String why) {
        return Attempt.pending(0, null, "", "", clock.instant()).failed(clock.instant(), why, true);
    }

    private void attempt(Occurrence occurrence, int number, @Nullable String reason) {
        way.send(occurrence, number, reason).thenAccept(attempt -> {
            if (limited && occurrence.kind() == Kind.EVENT) {
                failures.ended(attempt);
            }
            boolean over = attempt.acknowledged() || attempt.noRetry() || number >= waits.size();
            if (over || occurrence.kind() != Kind.EVENT) {
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
