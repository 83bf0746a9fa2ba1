package dev.slackline.app.serve;

import dev.slackline.app.wiring.Configuration;
import dev.slackline.app.wiring.OutboxConfiguration;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueListener;
import dev.slackline.queue.config.Env;
import dev.slackline.slack.install.Workspaces;
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
     * @param workspaces where to post; closed by the caller, after this
     * @throws dev.slackline.queue.config.ConfigurationException if the outbox cannot be opened as it is configured
     */
    public static Outgoing start(Env env, Workspaces workspaces) {
        Outgoing outgoing = new Outgoing();
        if (workspaces.any()) {
            Configuration configuration = OutboxConfiguration.load(env, Workspaces.SETTINGS);
            Queue queue = configuration.open(
                    new QueueListener() {}, portable -> OutboxConfiguration.suited(configuration, portable));
            outgoing.open.push(queue);
            outgoing.open.push(Postman.start(
                    queue, workspaces.slack(), OutboxSettings.from(configuration.settings()), new OutboxListener() {}));
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
