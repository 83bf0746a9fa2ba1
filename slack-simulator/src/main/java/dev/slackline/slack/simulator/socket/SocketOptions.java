package dev.slackline.slack.simulator.socket;

import java.time.Duration;

/**
 * How long things take in Socket Mode.
 *
 * @param ackTimeout within which an envelope must be acknowledged; Slack's is three seconds
 * @param warning how long before its end a connection is warned; Slack's is about ten seconds
 * @param pingInterval how often the server pings
 * @param lifetime how long a connection lives
 */
public record SocketOptions(Duration ackTimeout, Duration warning, Duration pingInterval, Duration lifetime) {

    /** As Slack does it. */
    public static final SocketOptions SLACKS = new SocketOptions(
            Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(18_060));
}
