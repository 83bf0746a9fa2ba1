package dev.slackline.slack.event;

import org.jspecify.annotations.Nullable;

/**
 * An installation of the app that an event is visible to.
 *
 * @param enterprise the organisation
 * @param team the workspace
 * @param user the user who installed it, or the app's own user
 * @param isBot whether {@link #user()} is the app's own
 */
public record Authorization(
        @Nullable String enterprise,
        @Nullable String team,
        @Nullable String user,
        boolean isBot) {}
