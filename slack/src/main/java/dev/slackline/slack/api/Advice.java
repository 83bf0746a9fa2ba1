package dev.slackline.slack.api;

import dev.slackline.slack.api.SlackApiException.Outcome;
import java.util.Set;

/** What Slack's error codes mean for whoever has called. */
final class Advice {

    private static final String HTTP = "http_";

    /** Slack says of these that a part of the work may have been done. */
    private static final Set<String> UNCLEAR = Set.of("fatal_error", "internal_error");

    private static final Set<String> TRANSIENT = Set.of(
            "fatal_error",
            "internal_error",
            "service_unavailable",
            "request_timeout",
            "team_added_to_org",
            "rate_limited",
            SlackApiException.RATE_LIMITED,
            SlackApiException.TOO_MANY_WAITING,
            SlackApiException.CONNECTION_FAILED,
            SlackApiException.NO_ANSWER,
            SlackApiException.BAD_ANSWER);

    private Advice() {}

    static Outcome outcome(String error) {
        return UNCLEAR.contains(error) || error.startsWith(HTTP + "5") ? Outcome.UNCLEAR : Outcome.REFUSED;
    }

    static boolean isTransient(String error) {
        return TRANSIENT.contains(error) || error.startsWith(HTTP + "5");
    }

    static String on(String error, String needed, String provided) {
        return switch (error) {
            case "missing_scope" ->
                "it needs the scope " + (needed.isEmpty() ? "that its reference names" : needed) + " and the token has "
                        + (provided.isEmpty() ? "others" : provided)
                        + "; add it under OAuth & Permissions and install the app again";
            case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired" ->
                "Slack does not take the token (any more); check SLACK_BOT_TOKEN, or install the app again";
            case "not_allowed_token_type" ->
                "Slack takes another kind of token for this method; set SLACK_USER_TOKEN, or check SLACK_BOT_TOKEN";
            case "channel_not_found" ->
                "there is no such channel, or the app may not see it; use its id, and invite the app";
            case "not_in_channel" -> "invite the app to the channel first";
            case "is_archived" -> "the channel is archived; unarchive it or choose another";
            case "msg_too_long" -> "shorten the text to 40,000 characters at most, better to 4,000";
            case "no_text" -> "give a text, blocks or attachments";
            case "restricted_action", "ekm_access_denied", "access_denied", "no_permission" ->
                "the workspace's settings do not allow it; ask its administrator";
            case "unknown_method" -> "there is no such method; check its name";
            case SlackApiException.NOT_INSTALLED -> "set SLACK_BOT_TOKEN, or install the app to the workspace";
            case SlackApiException.TOO_MANY_WAITING ->
                "call more slowly: so many calls wait for Slack's rate limit that this one was not taken";
            case SlackApiException.RATE_LIMITED, "rate_limited" ->
                "Slack wants fewer calls of this method from this workspace; call it later";
            case SlackApiException.CONNECTION_FAILED -> "Slack cannot be reached; check SLACK_API_URL and the network";
            case SlackApiException.NO_ANSWER -> "Slack did not answer; nobody knows whether it was done";
            case SlackApiException.BAD_ANSWER -> "what came back is not from Slack; check SLACK_API_URL and proxies";
            case SlackApiException.TOO_LARGE -> "the file is larger than is allowed here";
            case SlackApiException.CLOSED -> "open another client";
            default ->
                isTransient(error)
                        ? "Slack has trouble; try again later"
                        : "see https://docs.slack.dev/reference/methods for what it means";
        };
    }
}
