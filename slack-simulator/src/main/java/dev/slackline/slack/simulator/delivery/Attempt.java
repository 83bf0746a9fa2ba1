package dev.slackline.slack.simulator.delivery;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * One time that an occurrence was sent to the app.
 *
 * @param number 0, or which retry it is
 * @param reason why it is a retry; null if it is none
 * @param way {@code socket N} for the connection of that number, {@code no connection}, or the URL
 * @param envelopeId that of the envelope; empty over HTTP
 * @param sentAt when it went out
 * @param took how long the answer took; null while there is none
 * @param failure why it failed, in Slack's words such as {@code http_timeout}; null if it did not, or not yet
 * @param noRetry whether the app said that it shall not be sent again
 * @param answer what the app answered with: JSON, or a text; missing if it was nothing
 */
public record Attempt(
        int number,
        @Nullable String reason,
        String way,
        String envelopeId,
        Instant sentAt,
        @Nullable Duration took,
        @Nullable String failure,
        boolean noRetry,
        JsonNode answer) {

    /** One that goes out now. */
    public static Attempt pending(int number, @Nullable String reason, String way, String envelopeId, Instant now) {
        return new Attempt(number, reason, way, envelopeId, now, null, null, false, MissingNode.getInstance());
    }

    /** This one, taken by the app. */
    public Attempt taken(Instant now, JsonNode given) {
        return new Attempt(number, reason, way, envelopeId, sentAt, Duration.between(sentAt, now), null, false, given);
    }

    /** This one, failed. */
    public Attempt failed(Instant now, String why, boolean last) {
        Duration after = Duration.between(sentAt, now);
        return new Attempt(number, reason, way, envelopeId, sentAt, after, why, last, MissingNode.getInstance());
    }

    /** Whether the app took it in time. */
    public boolean acknowledged() {
        return took != null && failure == null;
    }

    /** Whether nothing is known yet. */
    public boolean isPending() {
        return took == null;
    }
}
