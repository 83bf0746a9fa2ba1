package dev.slackline.backend.sqlite;

import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What the operator chose.
 *
 * @param path the database file
 * @param retention how long a message is kept after it was published, settled or not
 * @param maxSize how many bytes the messages may take up in the file; 0 for no limit
 * @param busyTimeout how long to wait for another process that writes
 */
record SqliteSettings(Path path, Duration retention, long maxSize, Duration busyTimeout) {

    static final Setting<String> HOME = Setting.path(
            "SLACKLINE_HOME", "~/.slackline", "The folder for what Slackline keeps; ~ is the user's home folder.");

    static final Setting<String> PATH = Setting.path(
            "SQLITE_PATH",
            "$SLACKLINE_HOME/slackline.db",
            "The database file; processes that name the same file share the queue.");

    static final Setting<Duration> RETENTION = Setting.duration(
            "SQLITE_RETENTION",
            "0s",
            Duration.ZERO,
            Duration.ofDays(3650),
            "How long a message is kept after publishing even when every group has settled it, so that a new group can"
                    + " start with it; 0s: gone when settled.");

    static final Setting<Long> MAX_SIZE = Setting.size(
            "SQLITE_MAX_SIZE",
            "0",
            0,
            1L << 50,
            "How many bytes the database may use; beyond it a publish fails and consuming goes on. 0: no limit.");

    static final Setting<Duration> BUSY_TIMEOUT = Setting.duration(
            "SQLITE_BUSY_TIMEOUT",
            "5s",
            Duration.ZERO,
            Duration.ofMinutes(10),
            "How long to wait for another process that is writing to the file.");

    static final List<Setting<?>> ALL = List.of(HOME, PATH, RETENTION, MAX_SIZE, BUSY_TIMEOUT);

    static SqliteSettings from(Settings settings) {
        return new SqliteSettings(
                settings.path(PATH), settings.get(RETENTION), settings.get(MAX_SIZE), settings.get(BUSY_TIMEOUT));
    }
}
