package dev.slackline.backend.rabbitmq;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Setting;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Opens RabbitMQ backends. Those that name the same exchange of one virtual host are one topic. Thread-safe. */
public final class RabbitMqProvider implements QueueBackendProvider {

    static final String NAME = "rabbitmq";

    private final Duration youth;

    /** Made by {@link java.util.ServiceLoader}; does nothing. */
    public RabbitMqProvider() {
        this(Topology.YOUTH);
    }

    /** With another time during which a new queue is not trusted. */
    RabbitMqProvider(Duration youth) {
        this.youth = youth;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Setting<?>> settings() {
        return RabbitMqSettings.ALL;
    }

    @Override
    public Optional<Setting<String>> topicSetting() {
        return Optional.of(RabbitMqSettings.EXCHANGE);
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                NAME,
                EnumSet.of(Feature.DURABLE, Feature.MULTI_PROCESS, Feature.RESTORE),
                "quorum queues, confirmed when a majority of their nodes have it on disk");
    }

    /**
     * Connects, and waits some seconds for that. A broker that does not answer is tried again from then on.
     *
     * @throws ConfigurationException if the file with certificates cannot be read
     * @throws QueueConnectionException not retryable, if the broker refuses: a wrong password, an unknown virtual host,
     *     a missing permission, a certificate that is not trusted, an exchange of another type
     */
    @Override
    public QueueBackend open(Opening opening) {
        RabbitMqSettings settings = RabbitMqSettings.from(opening.settings());
        RabbitMqBackend backend =
                new RabbitMqBackend(capabilities(), settings, opening.queue(), opening.clock(), youth);
        try {
            backend.start();
            return backend;
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }
}
