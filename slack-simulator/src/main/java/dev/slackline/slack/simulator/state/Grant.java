package dev.slackline.slack.simulator.state;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token stands for.
 *
 * @param kind whose token it is
 * @param workspace where it is good
 * @param user who acts with it
 * @param scopes what it may do; one scope {@code *} for everything
 */
public record Grant(Kind kind, Workspace workspace, User user, Set<String> scopes) {

    /** Whose token it is. */
    public enum Kind {
        /** {@code xoxb-}: of the app's bot. */
        BOT,
        /** {@code xoxp-}: of a person who allowed the app to act for them. */
        USER,
        /** {@code xapp-}: of the app itself. */
        APP
    }

    /** Whether one of the scopes suffices. */
    public boolean allows(@Nullable String scope) {
        return scope == null || scopes.contains("*") || scopes.contains(scope);
    }
}
