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
    /** What Slack answers to those that were good once. */
    private final Map<String, String> ended = new ConcurrentHashMap<>();

    Grants(InstantSource clock) {
        this.clock = clock;
    }

    /** Makes a token good. */
    public void add(String token, Grant grant) {
        ended.remove(token);
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

    /**
     * What Slack answers to a token that is not good: {@code token_expired}, {@code token_revoked}, {@code account_inactive} to a
     * bot that was taken out, {@code invalid_auth} to what never was a token.
     */
    public String error(String token) {
        return hasExpired(token) ? "token_expired" : ended.getOrDefault(token, "invalid_auth");
    }

    private boolean hasExpired(String token) {
        Instant end = ends.get(token);
        return end != null && grants.containsKey(token) && !clock.instant().isBefore(end);
    }

    /** Ends the time of all tokens that have one. */
    public void expireAll() {
        ends.replaceAll((token, end) -> clock.instant());
    }

    /** Makes a token bad. Answers whether it was good. */
    public boolean revoke(String token) {
        return end(token, "token_revoked");
    }

    /** Makes every token of a bot bad: its app was taken out. */
    public void deactivate(User bot) {
        grants.forEach((token, grant) -> {
            if (grant.user() == bot && grant.kind() != Grant.Kind.APP) {
                end(token, "account_inactive");
            }
        });
    }

    private boolean end(String token, String error) {
        boolean good = grants.remove(token) != null;
        if (good) {
            ended.put(token, error);
        }
        return good;
    }
}
