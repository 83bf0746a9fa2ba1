package dev.slackline.queue;

import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The settings that mean the same on every backend.
 *
 * @param groups the groups declared on start
 * @param groupStart where a newly declared group starts
 * @param publishRetries how often a publish is tried again after a transient failure
 * @param publishTimeout how long a publish may take in all
 * @param maxAttempts after how many failed attempts a message becomes a dead letter
 * @param retryBackoff how long the first retry waits; it doubles with each further one
 * @param lease how long a delivery is invisible to others unless renewed
 * @param prefetch how many deliveries one consumer holds at most
 * @param maxPayload the largest payload, in bytes
 * @param dedupWindow for how long a message id is remembered
 */
public record QueueSettings(
        List<String> groups,
        Start groupStart,
        int publishRetries,
        Duration publishTimeout,
        int maxAttempts,
        Duration retryBackoff,
        Duration lease,
        int prefetch,
        long maxPayload,
        Duration dedupWindow) {

    /** Where a newly declared group starts. */
    public enum Start {
        /** With what is published from now on. */
        LATEST,
        /** With what the backend still holds. */
        EARLIEST
    }

    private static final Duration DAY = Duration.ofDays(1);

    /** Which backend. */
    public static final Setting<String> BACKEND =
            Setting.text("QUEUE_BACKEND", "sqlite", "The queue: the name of an installed backend.");

    /** {@link #groups()}. */
    public static final Setting<List<String>> GROUPS = Setting.list(
            "QUEUE_GROUPS", "default", "Groups declared on start, separated by commas; each gets every message.");

    /** {@link #groupStart()}. */
    public static final Setting<Start> GROUP_START = Setting.choice(
            "QUEUE_GROUP_START",
            Start.class,
            Start.LATEST,
            "Where a newly declared group starts: with what is published from now on, or with what is still held.");

    /** {@link #publishRetries()}. */
    public static final Setting<Integer> PUBLISH_RETRIES = Setting.integer(
            "QUEUE_PUBLISH_RETRIES", 3, 0, 100, "How often a publish is tried again after a transient failure.");

    /** {@link #publishTimeout()}. */
    public static final Setting<Duration> PUBLISH_TIMEOUT = Setting.duration(
            "QUEUE_PUBLISH_TIMEOUT",
            "10s",
            Duration.ofMillis(10),
            DAY,
            "How long a publish may take, retries included.");

    /** {@link #maxAttempts()}. */
    public static final Setting<Integer> MAX_ATTEMPTS = Setting.integer(
            "QUEUE_MAX_ATTEMPTS", 5, 1, 1_000_000, "After how many failed attempts a message becomes a dead letter.");

    /** {@link #retryBackoff()}. */
    public static final Setting<Duration> RETRY_BACKOFF = Setting.duration(
            "QUEUE_RETRY_BACKOFF",
            "1s",
            Duration.ofMillis(1),
            DAY,
            "How long the first retry waits; doubles with each further one, up to an hour.");

    /** {@link #lease()}. */
    public static final Setting<Duration> LEASE = Setting.duration(
            "QUEUE_LEASE",
            "60s",
            Duration.ofMillis(100),
            DAY,
            "How long a delivery is invisible to others; workers renew it while the handler runs.");

    /** {@link #prefetch()}. */
    public static final Setting<Integer> PREFETCH =
            Setting.integer("QUEUE_PREFETCH", 64, 1, 100_000, "How many deliveries one consumer holds at most.");

    /** {@link #maxPayload()}. */
    public static final Setting<Long> MAX_PAYLOAD =
            Setting.size("QUEUE_MAX_PAYLOAD", "1MiB", 2, 512L << 20, "The largest payload; a larger one is refused.");

    /** {@link #dedupWindow()}. */
    public static final Setting<Duration> DEDUP_WINDOW = Setting.duration(
            "QUEUE_DEDUP_WINDOW",
            "25h",
            Duration.ZERO,
            Duration.ofDays(365),
            "For how long a message id is remembered, so that the same message is stored once.");

    /** Every portable setting, in the order in which they are shown. */
    public static final List<Setting<?>> ALL = List.of(
            BACKEND,
            GROUPS,
            GROUP_START,
            PUBLISH_RETRIES,
            PUBLISH_TIMEOUT,
            MAX_ATTEMPTS,
            RETRY_BACKOFF,
            LEASE,
            PREFETCH,
            MAX_PAYLOAD,
            DEDUP_WINDOW);

    private static final Duration MAX_BACKOFF = Duration.ofHours(1);

    /**
     * Copies the list, and checks every value as the setting of its name does.
     *
     * @throws ConfigurationException listing every value that is not allowed
     */
    public QueueSettings {
        groups = List.copyOf(groups);
        List<String> problems = new ArrayList<>();
        groups.forEach(name -> check(problems, GROUPS, name, Message::requireGroupName));
        check(problems, PUBLISH_RETRIES, publishRetries);
        check(problems, PUBLISH_TIMEOUT, publishTimeout);
        check(problems, MAX_ATTEMPTS, maxAttempts);
        check(problems, RETRY_BACKOFF, retryBackoff);
        check(problems, LEASE, lease);
        check(problems, PREFETCH, prefetch);
        check(problems, MAX_PAYLOAD, maxPayload);
        check(problems, DEDUP_WINDOW, dedupWindow);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    /** The bounds are known to the setting's parser alone, which reads the value as it would be written. */
    private static <T> void check(List<String> problems, Setting<T> setting, T value) {
        check(problems, setting, String.valueOf(value), setting.parser());
    }

    private static void check(List<String> problems, Setting<?> setting, String value, Function<String, ?> parser) {
        try {
            Object unused = parser.apply(value);
        } catch (IllegalArgumentException e) {
            problems.add(setting.name() + ": '" + value + "' is not valid; " + e.getMessage());
        }
    }

    /** All defaults. */
    public static QueueSettings defaults() {
        return from(Settings.parse(Map.of(), ALL));
    }

    /** Takes the values from parsed settings, which must include {@link #ALL}. */
    public static QueueSettings from(Settings settings) {
        return new QueueSettings(
                settings.get(GROUPS),
                settings.get(GROUP_START),
                settings.get(PUBLISH_RETRIES),
                settings.get(PUBLISH_TIMEOUT),
                settings.get(MAX_ATTEMPTS),
                settings.get(RETRY_BACKOFF),
                settings.get(LEASE),
                settings.get(PREFETCH),
                settings.get(MAX_PAYLOAD),
                settings.get(DEDUP_WINDOW));
    }

    /** The same settings with another prefetch. */
    public QueueSettings withPrefetch(int newPrefetch) {
        return new QueueSettings(
                groups,
                groupStart,
                publishRetries,
                publishTimeout,
                maxAttempts,
                retryBackoff,
                lease,
                newPrefetch,
                maxPayload,
                dedupWindow);
    }

    /** The same settings with another number of attempts. */
    public QueueSettings withMaxAttempts(int newMaxAttempts) {
        return new QueueSettings(
                groups,
                groupStart,
                publishRetries,
                publishTimeout,
                newMaxAttempts,
                retryBackoff,
                lease,
                prefetch,
                maxPayload,
                dedupWindow);
    }

    /**
     * How long to wait after this failed attempt: the backoff, doubled for each attempt before it, at most an hour or,
     * where that is longer, the backoff itself.
     */
    public Duration backoffAfter(int attempt) {
        int doublings = Math.min(Math.max(attempt, 1) - 1, 22); // 1 ms doubled 22 times is more than an hour
        Duration delay = retryBackoff.multipliedBy(1L << doublings);
        Duration most = retryBackoff.compareTo(MAX_BACKOFF) > 0 ? retryBackoff : MAX_BACKOFF;
        return delay.compareTo(most) > 0 ? most : delay;
    }
}
