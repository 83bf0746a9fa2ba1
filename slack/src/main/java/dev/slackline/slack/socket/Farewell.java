package dev.slackline.slack.socket;

import java.time.Duration;

/**
 * Lets connections end that nobody needs any more: what has come is stored and acknowledged first, for a while what still
 * comes as well, and one that Slack does not close is cut off. Belongs to the loop.
 */
final class Farewell {

    private static final Duration READ_ON = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Loop loop;

    Farewell(Loop loop) {
        this.loop = loop;
    }

    void to(Connection connection) {
        connection.retire();
        loop.after(READ_ON, connection::stopReading);
        loop.after(LONGEST, () -> connection.abort("Slack did not close it"));
    }
}
