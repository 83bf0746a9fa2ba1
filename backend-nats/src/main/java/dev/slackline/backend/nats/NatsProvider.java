package dev.slackline.backend.nats;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Setting;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Opens NATS backends. Those that name the same stream of one account are one topic. Thread-safe. */
public final class NatsProvider implements QueueBackendProvider {

    static final String NAME = "nats";

    static final Capabilities CAPABILITIES = new Capabilities(
            NAME,
            EnumSet.of(
                    Feature.DURABLE,
                    Feature.DEDUPLICATION,
                    Feature.START_EARLIEST,
                    Feature.MULTI_PROCESS,
                    Feature.COUNTS_CRASHES,
                    Feature.RESTORE),
            "file storage, written to the operating system when confirmed and synced as the server's sync_interval says;"
                    + " with replicas by a majority of them");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Setting<?>> settings() {
        return NatsSettings.ALL;
    }

    @Override
    public Optional<Setting<String>> topicSetting() {
        return Optional.of(NatsSettings.STREAM);
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    /**
     * Connects, and waits some seconds for that. A server that does not answer is tried again from then on.
     *
     * @throws ConfigurationException if settings contradict each other, or a file that they name cannot be read
     * @throws QueueConnectionException not retryable, if the server refuses: a wrong password, a missing permission, a
     *     certificate that is not trusted, no JetStream, a stream that would lose messages
     */
    @Override
    public QueueBackend open(Opening opening) {
        NatsSettings settings = NatsSettings.from(opening.settings());
        NatsBackend backend = new NatsBackend(settings, opening.queue(), opening.clock());
        try {
            backend.start();
            return backend;
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }
}
