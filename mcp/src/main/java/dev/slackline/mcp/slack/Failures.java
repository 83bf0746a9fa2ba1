package dev.slackline.mcp.slack;

import dev.slackline.slack.api.SlackApiException;
import dev.slackline.slack.api.SlackApiException.Outcome;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tells an agent what a failed call means and what to do next. Names a tool only if the agent has it. Immutable. */
record Failures(Predicate<String> offered) {

    String advice(SlackApiException failure) {
        if (failure.outcome() == Outcome.UNCLEAR) {
            return "Slack gave no clear answer to " + failure.method()
                    + ", and it may have been done all the same: look before you do it again, so that nothing is done twice.";
        }
        return failure.method() + " failed: " + failure.error() + ". " + next(failure);
    }

    private String next(SlackApiException failure) {
        return switch (failure.error()) {
            case "missing_scope" ->
                "The token lacks the scope " + (failure.needed().isEmpty() ? "for this" : failure.needed())
                        + ". A person must add it at https://api.slack.com/apps -> the app -> OAuth & Permissions ->"
                        + " Scopes and install the app again; calling again does not help before that.";
            case "not_in_channel", "channel_not_found" -> membership(failure.error());
            case "ratelimited" ->
                "Slack takes this again " + when(failure.retryAfter()) + "; wait for that long. This was not done.";
            case "not_installed", "not_allowed_token_type" ->
                "This takes a token that is not set: SLACK_USER_TOKEN (xoxp-…) for search and reminders, SLACK_BOT_TOKEN"
                        + " for everything else. A person must set it.";
            case "user_not_found", "users_not_found" ->
                "There is no such person" + hint("slack_search_users", "finds people by name") + ".";
            case "message_not_found", "thread_not_found", "cant_update_message", "cant_delete_message" ->
                message(failure.error());
            case "is_archived" -> "The channel is archived; use another.";
            case "name_taken" -> "There is a channel of that name; choose another name, or use that one.";
            case "invalid_name_specials", "invalid_name", "invalid_name_punctuation" ->
                "Names are made of small letters, digits, - and _, 80 at most; emoji are named without colons.";
            case "already_reacted", "already_pinned", "already_in_channel", "already_archived" ->
                "It is so already; nothing is left to do.";
            case "no_reaction", "no_pin" -> "There is none to take away; nothing is left to do.";
            case "time_in_past", "time_too_far" -> "Choose a time from now to 120 days ahead, in seconds since 1970.";
            case "invalid_cursor" -> "Start again without a cursor.";
            case "msg_too_long" -> "Shorten the text, or post it in parts.";
            case "user_not_in_channel" -> "That person is not in the channel" + hint("slack_invite", "invites") + ".";
            default -> afterMessage(failure);
        };
    }

    private String membership(String error) {
        String first = error.equals("not_in_channel")
                ? "The app is not in this channel."
                : "There is no such channel, or the app may not see it.";
        return offered.test("slack_join_channel")
                ? first + " Call slack_join_channel if it is public; into a private one a person must /invite the app."
                : first + " Ask a person to /invite the app to it.";
    }

    private String message(String error) {
        return error.startsWith("cant_")
                ? "The app can change and delete only messages that it wrote."
                : "There is no such message in that channel: take its ts from slack_channel_history or slack_thread.";
    }

    private String hint(String tool, String does) {
        return offered.test(tool) ? "; " + tool + " " + does : "";
    }

    /** The library's own words, from behind the method and the error. */
    private static String afterMessage(SlackApiException failure) {
        String text = String.valueOf(failure.getMessage());
        int advice = text.indexOf("; ");
        return advice < 0 ? "" : "What to do: " + text.substring(advice + 2) + ".";
    }

    private static String when(@Nullable Duration wait) {
        return wait == null ? "in a minute" : "in " + Math.max(1, wait.toSeconds()) + " s";
    }
}
