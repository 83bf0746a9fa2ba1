package dev.slackline.app.groups;

import dev.slackline.queue.GroupStats;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A group in which messages wait and that nobody has consumed for an hour. It keeps them, as promised, and so it grows.
 *
 * @param name its name
 * @param waiting how many messages wait
 * @param since since when nobody consumes it
 */
public record UnconsumedGroup(String name, long waiting, Instant since) {

    /** How long nobody may consume before a group is named. */
    public static final Duration PATIENCE = Duration.ofHours(1);

    /** Those of the groups that are unconsumed at this time. */
    public static List<UnconsumedGroup> among(List<GroupOverview> groups, Instant now) {
        return groups.stream()
                .filter(group -> isUnconsumed(group.stats(), now))
                .map(group -> new UnconsumedGroup(group.name(), group.stats().waiting(), since(group.stats(), now)))
                .toList();
    }

    /** What to do about it. */
    public String advice() {
        return "the group '" + name + "' keeps " + waiting + " messages that nobody has consumed since "
                + since.truncatedTo(ChronoUnit.SECONDS)
                + "; consume it (slackline consume --group " + name + ") or forget it and them (slackline groups drop "
                + name + ")";
    }

    private static boolean isUnconsumed(GroupStats stats, Instant now) {
        return stats.waiting() > 0
                && stats.consumers() == 0
                && since(stats, now).plus(PATIENCE).isBefore(now);
    }

    private static Instant since(GroupStats stats, Instant now) {
        Instant since = stats.unconsumedSince();
        return since == null ? now : since;
    }
}
