package dev.slackline.slack.answer;

import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * For what an acknowledgement waits, and how long.
 *
 * @param keys patterns of the keys whose acknowledgement may wait for a handler in another process; handlers in this
 *     process are waited for whatever stands here
 * @param timeout how long after its arrival a request is acknowledged at the latest
 * @param url the address under which handlers of other processes reach this one; empty for the one it listens on
 */
public record AnswerSettings(List<String> keys, Duration timeout, String url) {

    /** {@link #keys()}. */
    public static final Setting<List<String>> KEYS = Setting.list(
            "SLACK_ANSWER_KEYS",
            "interaction.view_submission,interaction.block_suggestion",
            "Keys whose acknowledgement may wait for a handler's answer, '*' for any characters; add"
                    + " command.NAME for slash commands that are answered at once.");

    /** {@link #timeout()}. Slack waits three seconds, the way there and back included. */
    public static final Setting<Duration> TIMEOUT = Setting.duration(
            "SLACK_ANSWER_TIMEOUT",
            "2500ms",
            Duration.ofMillis(50),
            Duration.ofMillis(2900),
            "How long after its arrival a request is acknowledged at the latest, answered or not.");

    /** {@link #url()}. */
    public static final Setting<String> URL = new Setting<>(
            "SLACK_ANSWER_URL",
            "url",
            "",
            false,
            "Where handlers of other processes reach this very process, http://10.0.0.7:3000; by default the address"
                    + " that it listens on.",
            AnswerSettings::requireUrl);

    /** Every setting, in the order in which they are shown. */
    public static final List<Setting<?>> ALL = List.of(KEYS, TIMEOUT, URL);

    /** Copies the list. */
    public AnswerSettings {
        keys = List.copyOf(keys);
    }

    /** The defaults. */
    public static AnswerSettings defaults() {
        return from(Settings.parse(Map.of(), ALL));
    }

    /** Takes the values from parsed settings, which must include {@link #ALL}. */
    public static AnswerSettings from(Settings settings) {
        return new AnswerSettings(settings.get(KEYS), settings.get(TIMEOUT), settings.get(URL));
    }

    private static String requireUrl(String text) {
        if (!text.isEmpty()) {
            URI uri = URI.create(text);
            if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                throw new IllegalArgumentException("use http://HOST:PORT");
            }
        }
        return text;
    }
}
