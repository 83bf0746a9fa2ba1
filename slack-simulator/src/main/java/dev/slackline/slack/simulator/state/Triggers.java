package dev.slackline.slack.simulator.state;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Trigger ids: each allows to open one modal, within three seconds. Thread-safe. */
public final class Triggers {

    private static final Duration LIFETIME = Duration.ofSeconds(3);
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** What became of a trigger id that was shown. */
    public enum Verdict {
        /** It is good, and used by that. */
        GOOD,
        /** It was given to nobody. */
        UNKNOWN,
        /** It is older than three seconds. */
        EXPIRED,
        /** It was used before. */
        USED
    }

    private static final class Trigger {
        private final User user;
        private final Instant at;
        private boolean used;

        Trigger(User user, Instant at) {
            this.user = user;
            this.at = at;
        }
    }

    private final Map<String, Trigger> triggers = new ConcurrentHashMap<>();
    private final InstantSource clock;

    Triggers(InstantSource clock) {
        this.clock = clock;
    }

    /** A new one, for what a user just did. */
    public String next(User user) {
        Instant now = clock.instant();
        triggers.values().removeIf(trigger -> trigger.at.plus(REMEMBERED).isBefore(now));
        String id = now.toEpochMilli() + "." + triggers.size() + "."
                + UUID.randomUUID().toString().replace("-", "");
        triggers.put(id, new Trigger(user, now));
        return id;
    }

    /** Uses one up. */
    public Verdict use(String id) {
        Trigger trigger = triggers.get(id);
        if (trigger == null) {
            return Verdict.UNKNOWN;
        }
        synchronized (trigger) {
            if (trigger.used) {
                return Verdict.USED;
            }
            if (trigger.at.plus(LIFETIME).isBefore(clock.instant())) {
                return Verdict.EXPIRED;
            }
            trigger.used = true;
            return Verdict.GOOD;
        }
    }

    /** Who did what it was given for; null if it is unknown. */
    public @Nullable User user(String id) {
        Trigger trigger = triggers.get(id);
        return trigger == null ? null : trigger.user;
    }
}
