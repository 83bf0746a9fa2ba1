package dev.slackline.app.wiring;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.slack.outbox.Outbox;
import dev.slackline.slack.outbox.OutboxSettings;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where posts wait for Slack: a topic of their own beside that of the events, on the same broker unless {@code
 * SLACK_OUTBOX_BACKEND} says otherwise. Its name is that of the events' topic with {@code -outbox} behind it.
 */
public final class OutboxTopic {

    private static final List<String> SUFFIXES = List.of("-outbox", "_outbox"); // PostgreSQL's names have no dash

    private OutboxTopic() {}

    /**
     * Reads what a command needs that posts; the queue of the configuration is the outbox.
     *
     * @param further settings beside those of queue, outbox, backend and process
     * @throws ConfigurationException listing everything that is wrong
     */
    public static Configuration load(Env env, Collection<? extends Setting<?>> further) {
        List<Setting<?>> all = Stream.<Setting<?>>concat(OutboxBackend.ALL.stream(), further.stream())
                .toList();
        Configuration events = Configuration.load(atBackend(env), all, values -> {});
        Map<String, String> own = new HashMap<>(Map.of(QueueSettings.GROUPS.name(), Outbox.GROUP));
        QueueBackendProvider provider = events.provider();
        provider.topicSetting().ifPresent(topic -> own.put(topic.name(), beside(events, topic)));
        if (provider.topicSetting().isEmpty() && provider.capabilities().has(Feature.MULTI_PROCESS)) {
            throw new ConfigurationException("the backend " + provider.name()
                    + " does not say which of its settings names the topic, so it cannot hold an outbox;"
                    + " choose another with SLACK_OUTBOX_BACKEND");
        }
        return Configuration.checked(atBackend(env).behind("the outbox", own), all, values -> {});
    }

    /** What the outbox asks of its queue. */
    public static QueueSettings suited(Configuration configuration, QueueSettings settings) {
        Capabilities backend = configuration.provider().capabilities();
        return Outbox.suited(settings, backend, OutboxSettings.from(configuration.settings()));
    }

    private static Env atBackend(Env env) {
        String backend = OutboxBackend.from(env);
        return backend.isEmpty()
                ? env
                : env.behind(OutboxBackend.BACKEND.name(), Map.of(QueueSettings.BACKEND.name(), backend));
    }

    private static String beside(Configuration events, Setting<String> topic) {
        if (topic.isPath()) {
            Path file = events.settings().path(topic);
            String name = String.valueOf(file.getFileName());
            int dot = name.lastIndexOf('.');
            int end = dot > 0 ? dot : name.length();
            return file.resolveSibling(name.substring(0, end) + SUFFIXES.get(0) + name.substring(end))
                    .toString();
        }
        String name = events.settings().get(topic);
        return SUFFIXES.stream()
                .map(name::concat)
                .filter(candidate -> isAccepted(topic, candidate))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(topic.name()
                        + ": with -outbox behind it, as the outbox needs it, this is too long or not allowed"));
    }

    private static boolean isAccepted(Setting<String> topic, String value) {
        try {
            return !topic.parser().apply(value).isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
