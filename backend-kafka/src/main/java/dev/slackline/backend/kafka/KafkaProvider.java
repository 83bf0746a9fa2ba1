package dev.slackline.backend.kafka;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Opens Kafka backends. Those that name the same topic of one cluster share it. Thread-safe. */
public final class KafkaProvider implements QueueBackendProvider {

    static final String NAME = "kafka";

    /** Made by {@link java.util.ServiceLoader}; does nothing. */
    public KafkaProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Setting<?>> settings() {
        return KafkaSettings.ALL;
    }

    @Override
    public Optional<Setting<String>> topicSetting() {
        return Optional.of(KafkaSettings.TOPIC_NAME);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities(KafkaSettings.Mode.ORDERED);
    }

    @Override
    public Capabilities capabilities(Settings settings) {
        return capabilities(settings.get(KafkaSettings.MODE));
    }

    private static Capabilities capabilities(KafkaSettings.Mode mode) {
        Set<Feature> features =
                EnumSet.of(Feature.DURABLE, Feature.START_EARLIEST, Feature.MULTI_PROCESS, Feature.RESTORE);
        if (mode == KafkaSettings.Mode.ORDERED) {
            features.add(Feature.ORDER_BY_KEY);
        }
        return new Capabilities(
                NAME,
                features,
                "acks=all: on every in-sync replica, in memory that survives kill -9 of the brokers and is flushed by"
                        + " their operating systems");
    }

    /**
     * Connects, and waits some seconds for that. A broker that does not answer is tried again from then on.
     *
     * @throws ConfigurationException if Kafka's client does not accept a setting
     * @throws QueueConnectionException not retryable, if the broker refuses: a wrong password, a missing permission, a
     *     certificate that is not trusted, a compacted topic
     */
    @Override
    public QueueBackend open(Opening opening) {
        KafkaSettings settings = KafkaSettings.from(opening.settings());
        ClientSettings clients = new ClientSettings(settings, opening.queue());
        clients.check();
        KafkaBackend backend =
                new KafkaBackend(capabilities(settings.mode()), settings, clients, opening.queue(), opening.clock());
        try {
            backend.start();
            return backend;
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }
}
