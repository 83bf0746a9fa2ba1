package dev.slackline.mcp.inbox;

import dev.slackline.queue.Message;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What agents may do with the events that wait.
 *
 * @param mode whether they may take events, only look, or neither
 * @param groups the groups they may use; the first is meant when none is named. Empty: the first of {@code QUEUE_GROUPS}
 * @param keys patterns of the keys that are work for agents; what else comes to those groups is acknowledged unseen. Empty:
 *     everything is
 * @param maxClaims how many claims one caller may hold
 * @param maxLease the longest lease of a claim
 * @param maxWait the longest wait for an event
 */
public record InboxSettings(
        Mode mode, List<String> groups, List<String> keys, int maxClaims, Duration maxLease, Duration maxWait) {

    /** How much agents may do. */
    public enum Mode {
        /** Take events and settle them. */
        ON,
        /** See what waits, and nothing else. */
        READ,
        /** Nothing: there is no inbox. */
        OFF
    }

    /** {@link #mode()}. */
    public static final Setting<Mode> MODE = Setting.choice(
            "MCP_INBOX",
            Mode.class,
            Mode.ON,
            "Whether agents may take events as work, only see what waits, or neither.");

    /** {@link #groups()}. */
    public static final Setting<List<String>> GROUPS = Setting.list(
            "MCP_INBOX_GROUPS",
            "",
            "The groups whose events agents may take, separated by commas, declared on start; the first is meant when"
                    + " none is named. Empty: the first of QUEUE_GROUPS.");

    /** {@link #keys()}. */
    public static final Setting<List<String>> KEYS = Setting.list(
            "MCP_INBOX_KEYS",
            "",
            "The events that are work for agents, such as event.app_mention,command.*; all others in these groups are"
                    + " acknowledged unseen, so set it only for groups that agents alone use. Empty: every event is.");

    /** {@link #maxClaims()}. */
    public static final Setting<Integer> MAX_CLAIMS = Setting.integer(
            "MCP_INBOX_MAX_CLAIMS", 100, 1, 10_000, "How many claimed events one caller may hold at once.");

    /** {@link #maxLease()}. */
    public static final Setting<Duration> MAX_LEASE = Setting.duration(
            "MCP_INBOX_MAX_LEASE",
            "15m",
            Duration.ofSeconds(1),
            Duration.ofDays(1),
            "The longest lease that an agent may ask for; it may be extended again and again.");

    /** {@link #maxWait()}. */
    public static final Setting<Duration> MAX_WAIT = Setting.duration(
            "MCP_INBOX_MAX_WAIT",
            "60s",
            Duration.ofSeconds(1),
            Duration.ofMinutes(10),
            "The longest that a call may wait for an event.");

    /** Every setting, in the order in which they are shown. */
    public static final List<Setting<?>> ALL = List.of(MODE, GROUPS, KEYS, MAX_CLAIMS, MAX_LEASE, MAX_WAIT);

    /**
     * Copies the lists, and checks the names in them.
     *
     * @throws ConfigurationException listing every group that cannot be one
     */
    public InboxSettings {
        groups = List.copyOf(groups);
        keys = List.copyOf(keys);
        List<String> problems = new ArrayList<>();
        for (String group : groups) {
            try {
                Message.requireGroupName(group);
            } catch (IllegalArgumentException e) {
                problems.add(GROUPS.name() + ": " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    /** The same with the groups that are meant where none are named. */
    InboxSettings over(QueueSettings queue) {
        List<String> meant = groups.isEmpty() ? queue.groups().stream().limit(1).toList() : groups;
        return new InboxSettings(mode, meant, keys, maxClaims, maxLease, maxWait);
    }

    /** All defaults. */
    public static InboxSettings defaults() {
        return from(Settings.parse(Map.of(), ALL));
    }

    /** Takes the values from parsed settings, which must include {@link #ALL}. */
    public static InboxSettings from(Settings settings) {
        return new InboxSettings(
                settings.get(MODE),
                settings.get(GROUPS),
                settings.get(KEYS),
                settings.get(MAX_CLAIMS),
                settings.get(MAX_LEASE),
                settings.get(MAX_WAIT));
    }
}
