package dev.slackline.queue.testkit.broker;

import java.time.Duration;

/**
 * How the network of a {@link FaultyProxy} behaves at the moment.
 *
 * @param blackHole nothing goes through
 * @param latency how much later everything arrives
 * @param stallShare which share of the pieces is held up
 * @param stall for how long
 * @param bytesPerSecond how much goes through each connection and direction
 */
record Network(boolean blackHole, Duration latency, double stallShare, Duration stall, int bytesPerSecond) {

    static final Network SOUND = new Network(false, Duration.ZERO, 0, Duration.ZERO, Integer.MAX_VALUE);

    Network withBlackHole(boolean value) {
        return new Network(value, latency, stallShare, stall, bytesPerSecond);
    }

    Network withLatency(Duration value) {
        return new Network(blackHole, value, stallShare, stall, bytesPerSecond);
    }

    Network withStalls(double share, Duration length) {
        return new Network(blackHole, latency, share, length, bytesPerSecond);
    }

    Network withBytesPerSecond(int value) {
        return new Network(blackHole, latency, stallShare, stall, value);
    }

    /** How long so many bytes take. */
    Duration transmission(int bytes) {
        return bytesPerSecond == Integer.MAX_VALUE
                ? Duration.ZERO
                : Duration.ofNanos(bytes * 1_000_000_000L / bytesPerSecond);
    }
}
