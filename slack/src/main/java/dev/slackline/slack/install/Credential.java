package dev.slackline.slack.install;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token and how to get the next one. {@link #toString()} hides both.
 *
 * @param token what calls are authorised with
 * @param refreshToken what it is exchanged with; empty where the app's tokens do not rotate
 * @param expiresAt until when it is good; null where it does not expire
 */
public record Credential(
        String token, String refreshToken, @Nullable Instant expiresAt) {

    /** Whether it can be exchanged. */
    boolean rotates() {
        return !refreshToken.isEmpty();
    }

    @Override
    public String toString() {
        return "Credential[****, expiresAt=" + expiresAt + "]";
    }
}
