package dev.slackline.slack.install;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A workspace that the app is installed to. {@link #toString()} hides the tokens.
 *
 * @param team the workspace's id; the enterprise's for an installation to all of its workspaces
 * @param name what people call it
 * @param bot the bot's token
 * @param user the token of the person who installed it; null if none was asked for
 * @param userId who that is; empty if unknown
 * @param installedAt when
 */
public record Installation(
        String team, String name, Credential bot, @Nullable Credential user, String userId, Instant installedAt) {

    Installation withBot(Credential newBot) {
        return new Installation(team, name, newBot, user, userId, installedAt);
    }

    Installation withUser(@Nullable Credential newUser) {
        return new Installation(team, name, bot, newUser, userId, installedAt);
    }

    @Override
    public String toString() {
        return "Installation[" + team + ", " + installedAt + "]";
    }
}
