package dev.slackline.slack;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request beside its body. None of it but the timestamp is covered by the signature.
 *
 * @param receivedAt when it came
 * @param timestamp the time of signing, as it stood in the header
 * @param retryNum {@code x-slack-retry-num}: 1 to 3 on Slack's retries
 * @param retryReason {@code x-slack-retry-reason}: why Slack sends it again
 * @param traceparent the W3C trace that it belongs to
 */
record Arrival(
        Instant receivedAt,
        String timestamp,
        @Nullable String retryNum,
        @Nullable String retryReason,
        @Nullable String traceparent) {}
