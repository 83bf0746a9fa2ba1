package dev.slackline.slack.outbox;

import dev.slackline.queue.Backends;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/**
 * Where posts wait for Slack: a topic of their own beside that of the events, on the same broker unless {@code
 * SLACK_OUTBOX_BACKEND} says otherwise. Its name is that of the events' topic with {@code -outbox} behind it.
 */
public final class OutboxTopic {

    /** The backend's name; empty for that of the events. */
    public static final Setting<String> BACKEND = Setting.text(
            "SLACK_OUTBOX_BACKEND", "", "The backend that holds the outbox; empty: that of QUEUE_BACKEND.");

    /** Every setting of the outbox, in the order in which they are shown. */
    public static final List<Setting<?>> SETTINGS = Stream.<Setting<?>>concat(
                    OutboxSettings.ALL.stream(), Stream.of(BACKEND))
            .toList();

    private static final List<String> SUFFIXES = List.of("-outbox", "_outbox"); // PostgreSQL's names have no dash

    private OutboxTopic() {}

    /**
     * The variables that the queue of the outbox is opened with.
     *
     * @param env those of the queue of the events
     * @throws ConfigurationException if the backend cannot hold an outbox, or what names the events' topic is wrong
     */
    public static Env beside(Env env) {
        Env chosen = atBackend(env);
        QueueBackendProvider provider = provider(chosen);
        Map<String, String> own = new HashMap<>(Map.of(QueueSettings.GROUPS.name(), Outbox.GROUP));
        provider.topicSetting().ifPresent(topic -> own.put(topic.name(), beside(chosen, provider, topic)));
        if (provider.topicSetting().isEmpty() && provider.capabilities().has(Feature.MULTI_PROCESS)) {
            throw new ConfigurationException("the backend " + provider.name()
                    + " does not say which of its settings names the topic, so it cannot hold an outbox;"
                    + " choose another with " + BACKEND.name());
        }
        return chosen.behind("the outbox", own);
    }

    /**
     * Opens the queue of the outbox and declares its group, within {@code QUEUE_PUBLISH_TIMEOUT}.
     *
     * @param env the variables of the queue of the events
     * @throws ConfigurationException if a variable is wrong, or the backend cannot hold an outbox
     * @throws QueueException if the broker cannot be reached in that time, or refuses
     */
    public static Queue open(Env env) {
        Env own = beside(env);
        QueueBackendProvider provider = provider(own);
        Settings settings = Settings.parse(
                own,
                Stream.of(QueueSettings.ALL, provider.settings(), SETTINGS)
                        .<Setting<?>>flatMap(List::stream)
                        .toList());
        QueueSettings portable =
                Outbox.suited(QueueSettings.from(settings), provider.capabilities(), OutboxSettings.from(settings));
        QueueBackend backend =
                provider.open(new QueueBackendProvider.Opening(settings, portable, InstantSource.system()));
        Queue queue = Queue.of(backend, portable);
        try {
            queue.declareGroups().toCompletableFuture().join();
            return queue;
        } catch (CompletionException e) {
            queue.close();
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** These variables, with the backend of the outbox as {@code QUEUE_BACKEND}. */
    public static Env atBackend(Env env) {
        String backend = Settings.parse(env, List.of(BACKEND)).get(BACKEND);
        return backend.isEmpty() ? env : env.behind(BACKEND.name(), Map.of(QueueSettings.BACKEND.name(), backend));
    }

    private static QueueBackendProvider provider(Env env) {
        return Backends.named(
                Settings.parse(env, List.of(QueueSettings.BACKEND)).get(QueueSettings.BACKEND));
    }

    private static String beside(Env env, QueueBackendProvider provider, Setting<String> topic) {
        Settings settings = Settings.parse(env, provider.settings());
        if (topic.isPath()) {
            Path file = settings.path(topic);
            String name = String.valueOf(file.getFileName());
            int dot = name.lastIndexOf('.');
            int end = dot > 0 ? dot : name.length();
            return file.resolveSibling(name.substring(0, end) + SUFFIXES.get(0) + name.substring(end))
                    .toString();
        }
        String name = settings.get(topic);
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
