package dev.slackline.slack.api;

import java.util.concurrent.CompletionStage;

/** Where the tokens of workspaces come from. Thread-safe; must not block. */
public interface SlackTokens {

    /** In whose name a method is called. */
    enum Kind {
        /** The app's bot, {@code xoxb-…}. */
        BOT,
        /** The person who installed the app, {@code xoxp-…}; a few methods take no other. */
        USER
    }

    /** The tokens of the one workspace, whatever it is called; empty where there is none. */
    static SlackTokens fixed(String bot, String user) {
        return new FixedTokens(bot, user);
    }

    /**
     * The token for a workspace, fit for use now.
     *
     * @param team the workspace's id, {@code T123}; may be empty when there is only one
     * @return fails with a {@link SlackApiException} ({@code not_installed}) if there is none
     */
    CompletionStage<SlackToken> token(String team, Kind kind);

    /**
     * Slack has said that a token has expired; a source that can get a new one gives it out next time. Called before the
     * call is tried once more.
     *
     * @return whether another try makes sense
     */
    default boolean expired(SlackToken token) {
        return false;
    }
}
