package dev.slackline.slack.socket;

import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.slack.SlackSettings;
import dev.slackline.slack.api.SlackApiSettings;
import java.net.URI;
import java.util.List;

/**
 * What Socket Mode must know. {@link #toString()} hides the token.
 *
 * @param appToken the app-level token; empty when there is to be no Socket Mode
 * @param apiUrl where Slack's Web API is; ends with a slash
 * @param sockets how many connections are kept open
 * @param elsewhere how many connections other processes of this app keep open
 * @param maxBody the largest payload of an envelope, in bytes
 */
public record SocketSettings(String appToken, URI apiUrl, int sockets, int elsewhere, int maxBody) {

    /** {@link #appToken()}. */
    public static final Setting<String> APP_TOKEN = Setting.secret(
            "SLACK_APP_TOKEN",
            "",
            "The app-level token, xapp-…, with the scope connections:write; switches Socket Mode on.");

    /** {@link #sockets()}. */
    public static final Setting<Integer> SOCKETS = Setting.integer(
            "SLACK_SOCKETS",
            2,
            2,
            10,
            "How many connections of Socket Mode are kept open; Slack allows 10 for all processes of an app.");

    /** {@link #elsewhere()}. */
    public static final Setting<Integer> ELSEWHERE = Setting.integer(
            "SLACK_SOCKETS_ELSEWHERE",
            0,
            0,
            10,
            "How many connections other processes of this app keep open; what Slack counts beyond is an alarm.");

    /** Every setting, in the order in which they are shown. */
    public static final List<Setting<?>> ALL = List.of(APP_TOKEN, SOCKETS, ELSEWHERE);

    /**
     * Takes the values from parsed settings, which must include {@link #ALL}, {@link SlackApiSettings#API_URL} and {@link
     * SlackSettings#MAX_BODY}.
     */
    public static SocketSettings from(Settings settings) {
        return new SocketSettings(
                settings.get(APP_TOKEN),
                settings.get(SlackApiSettings.API_URL),
                settings.get(SOCKETS),
                settings.get(ELSEWHERE),
                settings.get(SlackSettings.MAX_BODY).intValue());
    }

    /** Whether there is to be Socket Mode. */
    public boolean isWanted() {
        return !appToken.isEmpty();
    }

    /**
     * Refuses a token that cannot be an app-level one.
     *
     * @throws ConfigurationException saying what to set and where Slack shows it
     */
    public static void requireAppToken(String token) {
        if (!token.startsWith("xapp-")) {
            throw new ConfigurationException(APP_TOKEN.name()
                    + " is no app-level token: those start with xapp-. Slack shows them at https://api.slack.com/apps ->"
                    + " your app -> Basic Information -> App-Level Tokens; the scope is connections:write");
        }
    }

    @Override
    public String toString() {
        return "SocketSettings[apiUrl=" + apiUrl + ", sockets=" + sockets + ", elsewhere=" + elsewhere + ", maxBody="
                + maxBody + "]";
    }
}
