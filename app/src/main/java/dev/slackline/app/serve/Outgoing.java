package dev.slackline.app.serve;

import dev.slackline.app.wiring.Configuration;
import dev.slackline.app.wiring.OutboxTopic;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueListener;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Settings;
import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.api.SlackApiSettings;
import dev.slackline.slack.outbox.OutboxListener;
import dev.slackline.slack.outbox.OutboxSettings;
import dev.slackline.slack.outbox.Postman;
import java.util.ArrayDeque;
import java.util.Deque;

/** Brings the outbox's posts to Slack; does nothing when there is no token to post with. */
public final class Outgoing implements AutoCloseable {

    /** What was opened, the last first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private Outgoing() {}

    /**
     * Starts without waiting for the broker.
     *
     * @throws dev.slackline.queue.config.ConfigurationException if the outbox cannot be opened as it is configured
     */
    public static Outgoing start(Env env) {
        Outgoing outgoing = new Outgoing();
        SlackApiSettings settings = SlackApiSettings.from(Settings.parse(env, SlackApiSettings.ALL));
        if (!settings.botToken().isEmpty()) {
            Configuration configuration = OutboxTopic.load(env, SlackApiSettings.ALL);
            Queue queue = configuration.open(
                    new QueueListener() {}, portable -> OutboxTopic.suited(configuration, portable));
            SlackApi slack = SlackApi.open(settings);
            outgoing.open.push(queue);
            outgoing.open.push(slack);
            outgoing.open.push(Postman.start(
                    queue, slack, OutboxSettings.from(configuration.settings()), new OutboxListener() {}));
        }
        return outgoing;
    }

    /** Waits for Slack's answers to the posts under way, gives back the rest, and ends. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
            }
        }
    }
}
