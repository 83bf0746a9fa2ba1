package dev.slackline.slack.api;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The tokens of one workspace, whatever it is called. */
record FixedTokens(String bot, String user) implements SlackTokens {

    private static final String THE_ONE = "";

    @Override
    public CompletionStage<SlackToken> token(String team, Kind kind) {
        String value = kind == Kind.USER ? user : bot;
        return value.isEmpty()
                ? CompletableFuture.failedFuture(SlackApiException.notInstalled(team))
                : CompletableFuture.completedFuture(new SlackToken(THE_ONE, value));
    }

    @Override
    public String toString() {
        return "FixedTokens[****]";
    }
}
