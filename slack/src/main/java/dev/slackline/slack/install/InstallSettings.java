package dev.slackline.slack.install;

import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How the app is installed to workspaces. {@link #toString()} hides the secret.
 *
 * @param clientId the app's id for OAuth; empty: nobody can install it here
 * @param clientSecret the secret that goes with it
 * @param scopes what the bot may do
 * @param userScopes what is done in the name of the person who installs it
 * @param redirectUrl the public address of {@code /slack/oauth_redirect}; empty: the one that Slack has for the app
 * @param tokens the file of the installations
 */
public record InstallSettings(
        String clientId,
        String clientSecret,
        List<String> scopes,
        List<String> userScopes,
        String redirectUrl,
        Path tokens) {

    /** {@link #clientId()}. */
    public static final Setting<String> CLIENT_ID = Setting.text(
            "SLACK_CLIENT_ID", "", "The app's client id, with which workspaces install it at /slack/install.");

    /** {@link #clientSecret()}. */
    public static final Setting<String> CLIENT_SECRET =
            Setting.secret("SLACK_CLIENT_SECRET", "", "The app's client secret.");

    /** {@link #scopes()}. */
    public static final Setting<List<String>> SCOPES = Setting.list(
            "SLACK_SCOPES", "chat:write,channels:history", "What the bot may do in workspaces that install the app.");

    /** {@link #userScopes()}. */
    public static final Setting<List<String>> USER_SCOPES =
            Setting.list("SLACK_USER_SCOPES", "", "What may be done in the name of the person who installs the app.");

    /** {@link #redirectUrl()}. */
    public static final Setting<String> REDIRECT_URL = Setting.text(
            "SLACK_REDIRECT_URL",
            "",
            "The public address of /slack/oauth_redirect; empty: the one that Slack's page of the app names.");

    /** {@link #tokens()}. */
    public static final Setting<String> TOKENS_FILE = Setting.path(
            "SLACK_TOKENS_FILE",
            "$SLACKLINE_HOME/slack-tokens.json",
            "The file with the tokens of the workspaces that installed the app; not encrypted, mode 600.");

    /** Every setting, in the order in which they are shown. */
    public static final List<Setting<?>> ALL =
            List.of(CLIENT_ID, CLIENT_SECRET, SCOPES, USER_SCOPES, REDIRECT_URL, TOKENS_FILE);

    private static final Setting<String> HOME = Setting.path(
            "SLACKLINE_HOME", "~/.slackline", "The folder for what Slackline keeps; ~ is the user's home folder.");

    /** Copies the lists. */
    public InstallSettings {
        scopes = List.copyOf(scopes);
        userScopes = List.copyOf(userScopes);
    }

    /**
     * Reads the values.
     *
     * @throws ConfigurationException if one is wrong, or one of id and secret is missing
     */
    public static InstallSettings from(Env env) {
        Settings settings =
                Settings.parse(env, Stream.concat(ALL.stream(), Stream.of(HOME)).toList());
        InstallSettings install = new InstallSettings(
                settings.get(CLIENT_ID),
                settings.get(CLIENT_SECRET),
                settings.get(SCOPES),
                settings.get(USER_SCOPES),
                settings.get(REDIRECT_URL),
                settings.path(TOKENS_FILE));
        if (install.clientId.isEmpty() != install.clientSecret.isEmpty()) {
            throw new ConfigurationException("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together, and one of them is"
                    + " not set; Slack shows both at https://api.slack.com/apps -> your app -> Basic Information");
        }
        return install;
    }

    /** Whether workspaces can install the app, and tokens be renewed. */
    public boolean isInstallable() {
        return !clientId.isEmpty();
    }

    @Override
    public String toString() {
        return "InstallSettings[clientId=" + clientId + ", scopes=" + scopes + ", tokens=" + tokens + "]";
    }
}
