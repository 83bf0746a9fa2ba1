package dev.slackline.app.serve;

import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.slack.HttpSettings;
import dev.slackline.slack.SlackSettings;
import dev.slackline.slack.answer.AnswerSettings;
import dev.slackline.slack.api.SlackApiSettings;
import dev.slackline.slack.socket.SocketSettings;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a server is made of.
 *
 * @param slack the intake over HTTP; there is none without a signing secret
 * @param socket Socket Mode; there is none without an app-level token
 * @param answers for what Slack's acknowledgement waits
 * @param http where the server listens
 */
public record ServerSettings(SlackSettings slack, SocketSettings socket, AnswerSettings answers, HttpSettings http) {

    /** Every setting, in the order in which they are shown. */
    public static final List<Setting<?>> ALL = Stream.of(
                    SlackSettings.ALL,
                    SocketSettings.ALL,
                    List.<Setting<?>>of(SlackApiSettings.API_URL),
                    AnswerSettings.ALL,
                    HttpSettings.ALL)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** Takes the values from parsed settings, which must include {@link #ALL}. */
    public static ServerSettings from(Settings settings) {
        return new ServerSettings(
                SlackSettings.from(settings),
                SocketSettings.from(settings),
                AnswerSettings.from(settings),
                HttpSettings.from(settings));
    }

    /**
     * Refuses what no event could ever come in with, whatever else is wrong.
     *
     * @throws ConfigurationException saying what to set
     */
    public static void requireIntake(Env env) {
        Settings keys = Settings.parse(env, List.of(SlackSettings.SIGNING_SECRET, SocketSettings.APP_TOKEN));
        String token = keys.get(SocketSettings.APP_TOKEN);
        if (token.isEmpty()) {
            new SlackSettings(keys.get(SlackSettings.SIGNING_SECRET), 1).requireSigningSecrets();
        } else {
            SocketSettings.requireAppToken(token);
        }
    }

    /** Whether there is to be an intake over HTTP. */
    boolean takesHttp() {
        return !socket.isWanted() || !slack.signingSecrets().isEmpty();
    }
}
