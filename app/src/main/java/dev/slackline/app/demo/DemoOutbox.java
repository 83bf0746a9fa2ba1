package dev.slackline.app.demo;

import dev.slackline.app.wiring.Configuration;
import dev.slackline.app.wiring.OutboxConfiguration;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Env;
import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.api.SlackApiSettings;
import dev.slackline.slack.api.SlackToken;
import dev.slackline.slack.api.SlackTokens;
import dev.slackline.slack.outbox.Outbox;
import dev.slackline.slack.outbox.OutboxListener;
import dev.slackline.slack.outbox.OutboxSettings;
import dev.slackline.slack.outbox.Posted;
import dev.slackline.slack.outbox.Postman;
import dev.slackline.slack.simulator.SlackSimulator;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The outbox of the demonstration, in a topic of its own beside the events, and who brings it to Slack. Thread-safe. */
final class DemoOutbox implements AutoCloseable {

    private final DemoTopic topic;
    private final Queue queue;
    private final SlackApi slack;
    private final Postman postman;
    private final Set<String> posted = ConcurrentHashMap.newKeySet();

    private DemoOutbox(DemoTopic topic, Queue queue, SlackApi slack, OutboxSettings settings) {
        this.topic = topic;
        this.queue = queue;
        this.slack = slack;
        this.postman = Postman.start(queue, slack, settings, new OutboxListener() {
            @Override
            public void posted(Posted post) {
                posted.add(post.id());
            }
        });
    }

    /** Opens it beside a topic, which removes it. */
    static DemoOutbox open(DemoTopic topic, Env env, SlackSimulator simulator) {
        Configuration configuration = OutboxConfiguration.load(env, SlackApiSettings.ALL);
        QueueSettings portable =
                OutboxConfiguration.suited(configuration, QueueSettings.from(configuration.settings()));
        QueueBackendProvider.Opening opening =
                new QueueBackendProvider.Opening(configuration.settings(), portable, InstantSource.system());
        Queue queue = Queue.of(topic.open(() -> configuration.provider().open(opening)), portable);
        queue.declareGroups().toCompletableFuture().join();
        SlackApi slack = SlackApi.open(SlackApiSettings.from(configuration.settings()), tokens(simulator));
        DemoOutbox outbox = new DemoOutbox(topic, queue, slack, OutboxSettings.from(configuration.settings()));
        topic.consumedBy(outbox::stop);
        return outbox;
    }

    /** For handlers. */
    Outbox posts() {
        return new Outbox(queue);
    }

    /** The client for all of the simulator's workspaces. */
    SlackApi slack() {
        return slack;
    }

    /** How many posts Slack has, as far as the outbox knows. */
    int posted() {
        return posted.size();
    }

    /** Whether nothing waits for Slack any more. */
    boolean isEmpty() {
        return queue.group(Outbox.GROUP).stats().toCompletableFuture().join().waiting() == 0;
    }

    /** What waits for Slack's limits is given back. */
    private void stop() {
        slack.close();
        postman.close();
    }

    /** Ends it, and removes the topic while that can be done. */
    @Override
    public void close() {
        topic.remove();
        queue.close();
    }

    private static SlackTokens tokens(SlackSimulator simulator) {
        return (team, kind) -> CompletableFuture.completedFuture(simulator.workspaces().stream()
                .filter(workspace -> workspace.id().equals(team))
                .map(workspace -> new SlackToken(team, simulator.botToken(workspace)))
                .findFirst()
                .orElseThrow());
    }
}
