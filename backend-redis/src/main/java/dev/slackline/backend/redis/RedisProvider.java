package dev.slackline.backend.redis;

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

/** Opens Redis backends. Those that name the same stream in the same database are one topic. Thread-safe. */
public final class RedisProvider implements QueueBackendProvider {

    static final String NAME = "redis";

    /** Made by {@link java.util.ServiceLoader}; does nothing. */
    public RedisProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Setting<?>> settings() {
        return RedisSettings.ALL;
    }

    @Override
    public Optional<Setting<String>> topicSetting() {
        return Optional.of(RedisSettings.STREAM);
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                NAME,
                EnumSet.allOf(Feature.class),
                "as the server's append-only file: on disk before it is confirmed with appendfsync always");
    }

    /**
     * Connects, and waits some seconds for that. A server that does not answer is tried again from then on.
     *
     * @throws ConfigurationException if {@code REDIS_URL} or the file with certificates cannot be read
     * @throws QueueConnectionException not retryable, if the server refuses: a wrong password, a missing permission, an
     *     unknown database, a certificate that is not trusted, a version before 6.2
     */
    @Override
    public QueueBackend open(Opening opening) {
        RedisSettings settings = RedisSettings.from(opening.settings());
        RedisBackend backend = new RedisBackend(capabilities(), settings, opening.queue(), opening.clock());
        try {
            backend.start();
            return backend;
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }
}
