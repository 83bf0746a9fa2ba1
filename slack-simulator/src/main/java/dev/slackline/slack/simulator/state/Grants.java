package dev.slackline.slack.simulator.state;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The tokens that are good. Thread-safe. */
public final class Grants {

    private final Map<String, Grant> grants = new ConcurrentHashMap<>();

    /** Makes a token good. */
    public void add(String token, Grant grant) {
        grants.put(token, grant);
    }

    /** What a token stands for; null if it is not good, or not any more. */
    public @Nullable Grant find(String token) {
        return grants.get(token);
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
