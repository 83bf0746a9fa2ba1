package dev.slackline.mcp.inbox;

import dev.slackline.slack.event.KeyPattern;
import dev.slackline.slack.event.SlackEvent;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which events an agent is after: each part that is not empty must hold.
 *
 * @param keys patterns of keys, any of them
 * @param channels ids of channels
 * @param users ids of those who did it
 * @param visible what agents may see at all
 */
record Filter(List<KeyPattern> keys, Set<String> channels, Set<String> users, Predicate<SlackEvent> visible) {

    Filter {
        keys = List.copyOf(keys);
        channels = Set.copyOf(channels);
        users = Set.copyOf(users);
    }

    /** Whatever agents may see. */
    static Filter all(Predicate<SlackEvent> visible) {
        return new Filter(List.of(), Set.of(), Set.of(), visible);
    }

    /** Whether nothing is left out. */
    boolean isAny() {
        return keys.isEmpty() && channels.isEmpty() && users.isEmpty() && visible == Inbox.EVERYTHING;
    }

    boolean matches(SlackEvent event) {
        String key = event.message().key();
        return visible.test(event)
                && (keys.isEmpty() || keys.stream().anyMatch(pattern -> pattern.matches(key)))
                && (channels.isEmpty() || isIn(channels, event.channel()))
                && (users.isEmpty() || isIn(users, event.user()));
    }

    private static boolean isIn(Set<String> ids, @Nullable String id) {
        return id != null && ids.contains(id);
    }
}
