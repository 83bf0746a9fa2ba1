package dev.slackline.app.wiring;

import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.slack.outbox.Outbox;
import dev.slackline.slack.outbox.OutboxSettings;
import dev.slackline.slack.outbox.OutboxTopic;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** What a command needs that posts through the outbox. */
public final class OutboxConfiguration {

    private OutboxConfiguration() {}

    /**
     * Reads it; the queue of the configuration is the outbox.
     *
     * @param further settings beside those of queue, outbox, backend and process
     * @throws ConfigurationException listing everything that is wrong
     */
    public static Configuration load(Env env, Collection<? extends Setting<?>> further) {
        List<Setting<?>> all = Stream.<Setting<?>>concat(OutboxTopic.SETTINGS.stream(), further.stream())
                .toList();
        Configuration.load(OutboxTopic.atBackend(env), all, values -> {}); // says everything that is wrong at once
        return Configuration.checked(OutboxTopic.beside(env), all, values -> {});
    }

    /** What the outbox asks of its queue. */
    public static QueueSettings suited(Configuration configuration, QueueSettings settings) {
        return Outbox.suited(
                settings, configuration.provider().capabilities(), OutboxSettings.from(configuration.settings()));
    }
}
