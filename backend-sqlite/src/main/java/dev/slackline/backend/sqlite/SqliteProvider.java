package dev.slackline.backend.sqlite;

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

/** Opens SQLite backends. Those that name the same file are one topic, in whatever process they are. Thread-safe. */
public final class SqliteProvider implements QueueBackendProvider {

    static final String NAME = "sqlite";
    static final String TOPIC = "slack_events";

    /** Made by {@link java.util.ServiceLoader}; does nothing. */
    public SqliteProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Setting<?>> settings() {
        return SqliteSettings.ALL;
    }

    @Override
    public Optional<Setting<String>> topicSetting() {
        return Optional.of(SqliteSettings.PATH);
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(NAME, EnumSet.allOf(Feature.class), "WAL, synchronous=FULL");
    }

    /**
     * Opens the file, and creates it and its folder, readable by their owner alone, where they are missing.
     *
     * @throws ConfigurationException if {@code SQLITE_PATH} names what cannot be a file of this user
     * @throws QueueConnectionException not retryable, if the file is no database, another program's, or of a newer
     *     version, which leaves it untouched; or if it cannot be created or written
     */
    @Override
    public QueueBackend open(Opening opening) {
        SqliteSettings settings = SqliteSettings.from(opening.settings());
        return new SqliteBackend(capabilities(), settings, opening.queue(), opening.clock());
    }
}
