package dev.slackline.backend.redis;

import java.time.InstantSource;

/**
 * What time it is, for leases, delays and deduplication: that of the server, so that clocks of clients do not matter. A
 * clock that is moved against the system's, as tests do, moves it too, by as much as since this was made. Thread-safe.
 */
final class Time {

    private final InstantSource clock;
    private final long ahead;

    Time(InstantSource clock) {
        this.clock = clock;
        this.ahead = clock.millis() - System.currentTimeMillis();
    }

    /** How far the time of this process is ahead of the server's, in milliseconds. */
    byte[] shift() {
        return Wire.utf8(Long.toString(clock.millis() - System.currentTimeMillis() - ahead));
    }

    InstantSource clock() {
        return clock;
    }
}
