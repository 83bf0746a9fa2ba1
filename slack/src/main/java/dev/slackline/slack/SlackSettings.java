package dev.slackline.slack;

import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.util.List;

/**
 * What the intake must know of Slack. {@link #toString()} hides the secrets.
 *
 * @param signingSecrets the secrets a request may be signed with; several while one is rotated, or for several apps
 * @param maxBody the largest request body that is read, in bytes; a larger one is answered 413
 */
public record SlackSettings(List<String> signingSecrets, int maxBody) {

    private static final long MEBIBYTE = 1 << 20;

    /** {@link #signingSecrets()}. */
    public static final Setting<List<String>> SIGNING_SECRET = Setting.secretList(
            "SLACK_SIGNING_SECRET",
            "",
            "What Slack signs its requests with; several, separated by commas, while rotating or for several apps.");

    /** {@link #maxBody()}. */
    public static final Setting<Long> MAX_BODY = Setting.size(
            "SLACK_MAX_BODY", "1MiB", 1024, 512 * MEBIBYTE, "The largest request body; a larger one is answered 413.");

    /** Every setting, in the order in which they are shown. */
    public static final List<Setting<?>> ALL = List.of(SIGNING_SECRET, MAX_BODY);

    /** Copies the list. */
    public SlackSettings {
        signingSecrets = List.copyOf(signingSecrets);
    }

    /** Takes the values from parsed settings, which must include {@link #ALL}. */
    public static SlackSettings from(Settings settings) {
        return new SlackSettings(
                settings.get(SIGNING_SECRET), settings.get(MAX_BODY).intValue());
    }

    /**
     * The secrets, of which an intake needs at least one.
     *
     * @throws ConfigurationException if there is none, saying what to set and where Slack shows it
     */
    public List<String> requireSigningSecrets() {
        if (signingSecrets.isEmpty()) {
            throw new ConfigurationException(SIGNING_SECRET.name()
                    + " is not set, and without it nobody can tell Slack's requests from forged ones. Set it to the"
                    + " secret that Slack shows at https://api.slack.com/apps -> your app -> Basic Information ->"
                    + " App Credentials -> Signing Secret");
        }
        return signingSecrets;
    }

    @Override
    public String toString() {
        return "SlackSettings[signingSecrets=" + signingSecrets.size() + ", maxBody=" + maxBody + "]";
    }
}
