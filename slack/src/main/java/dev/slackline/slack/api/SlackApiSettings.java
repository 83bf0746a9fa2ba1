package dev.slackline.slack.api;

import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;

/**
 * How to call Slack. {@link #toString()} hides the tokens.
 *
 * @param url where the methods are; ends with a slash
 * @param botToken the one workspace's bot token; empty if there is none
 * @param userToken the user token for methods that take no other; empty if there is none
 * @param timeout how long one request may take, from sending to the whole answer
 * @param maxWait how long a call waits for Slack's rate limits, retries after a 429 included, before it fails
 * @param maxWaiting how many calls of one method wait for one workspace; one more fails at once
 */
public record SlackApiSettings(
        URI url, String botToken, String userToken, Duration timeout, Duration maxWait, int maxWaiting) {

    /** {@link #url()}. */
    public static final Setting<URI> API_URL = new Setting<>(
            "SLACK_API_URL",
            "URL",
            "https://slack.com/api/",
            false,
            "Where Slack's Web API is; a local Slack's address for development.",
            SlackApiSettings::parseUrl);

    /** {@link #botToken()}. */
    public static final Setting<String> BOT_TOKEN = Setting.secret(
            "SLACK_BOT_TOKEN", "", "The bot token of the one workspace, xoxb-…, that Slackline speaks with.");

    /** {@link #userToken()}. */
    public static final Setting<String> USER_TOKEN = Setting.secret(
            "SLACK_USER_TOKEN",
            "",
            "A user token, xoxp-…, for methods that take no bot token, such as search.messages.");

    /** {@link #timeout()}. */
    public static final Setting<Duration> TIMEOUT = Setting.duration(
            "SLACK_API_TIMEOUT",
            "15s",
            Duration.ofMillis(100),
            Duration.ofMinutes(5),
            "How long Slack may take to answer one call.");

    /** {@link #maxWait()}. */
    public static final Setting<Duration> MAX_WAIT = Setting.duration(
            "SLACK_API_MAX_WAIT",
            "5m",
            Duration.ofMillis(100),
            Duration.ofDays(1),
            "How long a call waits for Slack's rate limits before it fails.");

    /** {@link #maxWaiting()}. */
    public static final Setting<Integer> MAX_WAITING = Setting.integer(
            "SLACK_API_MAX_WAITING",
            1_000,
            1,
            1_000_000,
            "How many calls of one method wait for one workspace; one more fails at once.");

    /** Every setting, in the order in which they are shown. */
    public static final List<Setting<?>> ALL = List.of(API_URL, BOT_TOKEN, USER_TOKEN, TIMEOUT, MAX_WAIT, MAX_WAITING);

    /** Takes the values from parsed settings, which must include {@link #ALL}. */
    public static SlackApiSettings from(Settings settings) {
        return new SlackApiSettings(
                settings.get(API_URL),
                settings.get(BOT_TOKEN),
                settings.get(USER_TOKEN),
                settings.get(TIMEOUT),
                settings.get(MAX_WAIT),
                settings.get(MAX_WAITING));
    }

    @Override
    public String toString() {
        return "SlackApiSettings[url=" + url + ", timeout=" + timeout + ", maxWait=" + maxWait + ", maxWaiting="
                + maxWaiting + "]";
    }

    private static URI parseUrl(String text) {
        try {
            URI url = new URI(text.endsWith("/") ? text : text + "/");
            String scheme = String.valueOf(url.getScheme());
            if ((scheme.equals("https") || scheme.equals("http"))
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new IllegalArgumentException("use an address such as https://slack.com/api/");
    }
}
