package dev.slackline.slack.socket;

import dev.slackline.queue.Status;
import java.time.Duration;
import java.util.Map;

/**
 * How Socket Mode does.
 *
 * @param status whether events can come, and what to do when they cannot
 * @param wanted how many connections are to be open
 * @param connected how many are, and are not silent
 * @param ghosts how many connections Slack counts that nobody here knows of; Slack sends a part of the events to them
 * @param unacknowledged how many envelopes were not acknowledged, so that Slack sends them again if it does
 * @param withoutConnection how long there was none at all, since there was one for the first time
 * @param reconnects how often a connection was replaced, by cause: {@code planned}, {@code requested}, {@code lost}, {@code
 *     silent}, {@code crowded}
 */
public record SocketOverview(
        Status status,
        int wanted,
        int connected,
        int ghosts,
        long unacknowledged,
        Duration withoutConnection,
        Map<String, Long> reconnects) {

    /** Copies the map. */
    public SocketOverview {
        reconnects = Map.copyOf(reconnects);
    }
}
