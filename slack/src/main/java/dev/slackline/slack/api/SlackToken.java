package dev.slackline.slack.api;

/**
 * What a call is authorised with. {@link #toString()} hides it.
 *
 * @param workspace the workspace that it belongs to: calls with the same share Slack's rate limits
 * @param value what goes into the Authorization header
 */
public record SlackToken(String workspace, String value) {

    @Override
    public String toString() {
        return "SlackToken[" + workspace + ", ****]";
    }
}
