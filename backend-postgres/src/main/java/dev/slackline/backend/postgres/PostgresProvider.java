package dev.slackline.backend.postgres;

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

/** Opens PostgreSQL backends. Those that name the same schema of one database are one topic. Thread-safe. */
public final class PostgresProvider implements QueueBackendProvider {

    static final String NAME = "postgres";

    /** Made by {@link java.util.ServiceLoader}; does nothing. */
    public PostgresProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Setting<?>> settings() {
        return PostgresSettings.ALL;
    }

    @Override
    public Optional<Setting<String>> topicSetting() {
        return Optional.of(PostgresSettings.SCHEMA);
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                NAME,
                EnumSet.allOf(Feature.class),
                "committed: in the write-ahead log on disk, as the server's synchronous_commit and fsync say");
    }

    /**
     * Connects, makes the tables where there are none, and waits some seconds for that. A server that does not answer is
     * tried again from then on.
     *
     * @throws ConfigurationException if the file with certificates cannot be read
     * @throws QueueConnectionException not retryable, if the server refuses: a wrong password, an unknown database, a
     *     missing permission, a certificate that is not trusted; or if the schema is another program's or of a newer
     *     version, which leaves it untouched
     */
    @Override
    public QueueBackend open(Opening opening) {
        PostgresBackend backend = new PostgresBackend(
                capabilities(), PostgresSettings.from(opening.settings()), opening.queue(), opening.clock());
        try {
            backend.start();
            return backend;
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }
}
