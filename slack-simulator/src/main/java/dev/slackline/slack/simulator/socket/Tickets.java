package dev.slackline.slack.simulator.socket;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** What makes an address of Socket Mode good for one connection, soon. Thread-safe. */
final class Tickets {

    private static final Duration LIFETIME = Duration.ofSeconds(30);

    private final Map<String, Instant> good = new ConcurrentHashMap<>();
    private final InstantSource clock;

    Tickets(InstantSource clock) {
        this.clock = clock;
    }

    String issue() {
        String ticket = UUID.randomUUID().toString();
        good.put(ticket, clock.instant().plus(LIFETIME));
        return ticket;
    }

    /** Uses one up; false if it was not good any more. */
    boolean use(String ticket) {
        Instant end = good.remove(ticket);
        return end != null && end.isAfter(clock.instant());
    }
}
