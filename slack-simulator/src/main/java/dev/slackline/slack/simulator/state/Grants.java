package dev.slackline.slack.simulator.state;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The tokens that are good. Thread-safe. */
public final class Grants {

    private final InstantSource clock;
    private final Map<String, Grant> grants = new ConcurrentHashMap<>();
    private final Map<String, Instant> ends = new ConcurrentHashMap<>();

    Grants(InstantSource clock) {
        this.clock = clock;
    }

    /** Makes a token good. */
    public void add(String token, Grant grant) {
        grants.put(token, grant);
    }

    /** Makes a token good until then. */
    void add(String token, Grant grant, Instant end) {
        ends.put(token, end);
        add(token, grant);
    }

    /** What a token stands for; null if it is not good, or not any more. */
    public @Nullable Grant find(String token) {
        return hasExpired(token) ? null : grants.get(token);
    }

    /** Whether a token was good until its time was over. */
    public boolean hasExpired(String token) {
        Instant end = ends.get(token);
        return end != null && grants.containsKey(token) && !clock.instant().isBefore(end);
    }

    /** Ends the time of all tokens that have one. */
    public void expireAll() {
        ends.replaceAll((token, end) -> clock.instant());
    }

    /** Makes a token bad. Answers whether it was good. */
    public boolean revoke(String token) {
        return grants.remove(token) != null;
    }

    /** Makes every token of a user in a workspace bad. */
    public void revokeAll(User user) {
        grants.values().removeIf(grant -> grant.user() == user && grant.kind() != Grant.Kind.APP);
    }
}
