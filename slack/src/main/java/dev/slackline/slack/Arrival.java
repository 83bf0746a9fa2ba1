package dev.slackline.slack;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of something of Slack's beside its body. None of it but the time of signing is covered by a signature.
 *
 * @param receivedAt when it came
 * @param occasion what tells it from the same body at another time: over HTTP the time of signing as it stood in the header,
 *     over a socket the id of its envelope
 * @param retryNum {@code x-slack-retry-num} or {@code retry_attempt}: 1 to 3 on Slack's retries
 * @param retryReason {@code x-slack-retry-reason} or {@code retry_reason}: why Slack sends it again
 * @param traceparent the W3C trace that it belongs to
 */
public record Arrival(
        Instant receivedAt,
        String occasion,
        @Nullable String retryNum,
        @Nullable String retryReason,
        @Nullable String traceparent) {}
