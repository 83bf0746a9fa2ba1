package dev.slackline.slack.outbox;

import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.time.Duration;
import java.util.List;

/**
 * How posts are brought to Slack.
 *
 * @param concurrency to how many channels is posted at once
 * @param settle how long to wait after an unclear failure before looking whether the message is there
 */
public record OutboxSettings(int concurrency, Duration settle) {

    /** {@link #concurrency()}. */
    public static final Setting<Integer> CONCURRENCY =
            Setting.integer("SLACK_OUTBOX_CONCURRENCY", 32, 1, 1_000, "To how many channels the outbox posts at once.");

    /** {@link #settle()}. */
    public static final Setting<Duration> SETTLE = Setting.duration(
            "SLACK_OUTBOX_SETTLE",
            "5s",
            Duration.ZERO,
            Duration.ofMinutes(10),
            "After a failure that leaves open whether a post arrived: how long the outbox waits before it looks.");

    /** Every setting, in the order in which they are shown. */
    public static final List<Setting<?>> ALL = List.of(CONCURRENCY, SETTLE);

    /** Takes the values from parsed settings, which must include {@link #ALL}. */
    public static OutboxSettings from(Settings settings) {
        return new OutboxSettings(settings.get(CONCURRENCY), settings.get(SETTLE));
    }
}
