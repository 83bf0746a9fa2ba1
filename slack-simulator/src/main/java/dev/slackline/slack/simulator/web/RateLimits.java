package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Channel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Slack's limits: for each method and workspace what its tier allows in a minute, and for each channel one message a
 * second. Off until switched on. Thread-safe.
 */
public final class RateLimits {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Set<String> READING = Set.of("conversations.history", "conversations.replies");
    private static final int FEW_MESSAGES = 15;

    private final InstantSource clock;
    private final Map<String, Deque<Instant>> recent = new HashMap<>();
    private volatile boolean on;
    private volatile boolean readingLittle;

    /** Takes the time from a clock. */
    public RateLimits(InstantSource clock, boolean on) {
        this.clock = clock;
        this.on = on;
    }

    /** Switches them on or off. */
    public void on(boolean wanted) {
        on = wanted;
    }

    /**
     * Whether the app counts as one that is distributed outside the Marketplace: it may read once a minute, and 15 messages
     * at a time, whether the other limits hold or not.
     */
    public void readingLittle(boolean wanted) {
        readingLittle = wanted;
    }

    /** Counts a call. Answers how long to wait if it is one too many, otherwise zero. */
    Duration take(String name, Method method, Call call) {
        String team = call.workspace().id();
        if (readingLittle && READING.contains(name)) {
            call.arguments().atMost("limit", FEW_MESSAGES);
            return take(name + " " + team, 1, MINUTE);
        }
        if (!on) {
            return Duration.ZERO;
        }
        Duration wait = take(name + " " + team, method.perMinute(), MINUTE);
        if (wait.isZero() && name.equals("chat.postMessage")) {
            String reference = call.arguments().text("channel");
            String channel =
                    call.workspace().channel(reference).map(Channel::id).orElse(reference);
            return take("channel " + team + " " + channel, 1, SECOND);
        }
        return wait;
    }

    private synchronized Duration take(String key, int allowed, Duration window) {
        Instant now = clock.instant();
        Deque<Instant> taken = recent.computeIfAbsent(key, unused -> new ArrayDeque<>());
        while (!taken.isEmpty() && !taken.peek().plus(window).isAfter(now)) {
            taken.poll();
        }
        Instant first = taken.peek();
        if (first != null && taken.size() >= allowed) {
            return Duration.between(now, first.plus(window));
        }
        taken.add(now);
        return Duration.ZERO;
    }
}
