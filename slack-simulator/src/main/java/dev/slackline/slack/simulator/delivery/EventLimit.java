package dev.slackline.slack.simulator.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** At most so many events an hour for each workspace, and one notice a minute when there are more. Thread-safe. */
final class EventLimit {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final int SECONDS = 60;

    /** What becomes of an event. */
    enum Verdict {
        SEND,
        DROP,
        DROP_WITH_NOTICE
    }

    private final InstantSource clock;
    private final int perHour;
    private final Map<String, Deque<Instant>> sent = new HashMap<>();
    private final Map<String, Long> noticed = new HashMap<>();

    EventLimit(InstantSource clock, int perHour) {
        this.clock = clock;
        this.perHour = perHour;
    }

    synchronized Verdict take(String team) {
        Instant now = clock.instant();
        Deque<Instant> recent = sent.computeIfAbsent(team, unused -> new ArrayDeque<>());
        while (!recent.isEmpty() && recent.peek().plus(HOUR).isBefore(now)) {
            recent.poll();
        }
        if (recent.size() < perHour) {
            recent.add(now);
            return Verdict.SEND;
        }
        Long minute = minute(now);
        return minute.equals(noticed.put(team, minute)) ? Verdict.DROP : Verdict.DROP_WITH_NOTICE;
    }

    /** When the minute began, in seconds since 1970. */
    static long minute(Instant now) {
        return now.getEpochSecond() / SECONDS * SECONDS;
    }
}
