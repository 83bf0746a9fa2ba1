package dev.slackline.slack.answer;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which groups of other processes answer which keys, learnt from their answers: nobody is to wait for nothing. Of a key
 * that nothing is known of, one acknowledgement a minute waits to find out. Not thread-safe.
 */
final class Interest {

    private static final long MEMORY = Duration.ofMinutes(10).toNanos();
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();
    /** Keys may be made of what users type. */
    private static final int MAX_KEYS = 1_000;

    private final long probeTime;
    private final Map<String, Known> keys = new HashMap<>();

    /** Takes for how long an acknowledgement waits when it is to find out. */
    Interest(Duration probeTime) {
        this.probeTime = probeTime.toNanos();
    }

    /** Those that answered the key not long ago. */
    Set<String> groups(String key, long now) {
        Known known = keys.get(key);
        if (known == null) {
            return Set.of();
        }
        known.heard.values().removeIf(heard -> now - heard > MEMORY);
        return new HashSet<>(known.heard.keySet());
    }

    /** Whether to wait for whoever there may be. */
    boolean isProbeDue(String key, long now) {
        Known known = keys.get(key);
        if (known == null) {
            if (keys.size() < MAX_KEYS) {
                keys.put(key, new Known(now));
                return true;
            }
            return false;
        }
        if (now - known.probed > PAUSE) {
            known.probed = now;
        }
        return now - known.probed < probeTime;
    }

    /** A group answered, or said that it has nothing to say. */
    void heard(String key, String group, long now) {
        Known known = keys.get(key);
        if (known != null || keys.size() < MAX_KEYS) {
            keys.computeIfAbsent(key, name -> new Known(now)).heard.put(group, now);
        }
    }

    /** They were waited for in vain. */
    void silent(String key, Collection<String> groups) {
        Known known = keys.get(key);
        if (known != null) {
            known.heard.keySet().removeAll(groups);
        }
    }

    private static final class Known {

        private final Map<String, Long> heard = new HashMap<>();
        private long probed;

        Known(long probed) {
            this.probed = probed;
        }
    }
}
