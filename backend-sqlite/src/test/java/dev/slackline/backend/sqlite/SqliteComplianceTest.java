package dev.slackline.backend.sqlite;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.testkit.QueueBackendCompliance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;

class SqliteComplianceTest extends QueueBackendCompliance {

    private final AtomicInteger topics = new AtomicInteger();

    @TempDir
    Path folder;

    @Override
    public QueueBackendProvider provider() {
        return new SqliteProvider();
    }

    @Override
    public Capabilities expected() {
        return new Capabilities("sqlite", EnumSet.allOf(Feature.class), "WAL, synced before each confirmation");
    }

    @Override
    public Map<String, String> newTopic() {
        return Map.of(SqliteSettings.PATH.name(), newFile().toString());
    }

    @Override
    public Optional<Map<String, String>> topicThatFills() {
        return Optional.of(
                Map.of(SqliteSettings.PATH.name(), newFile().toString(), SqliteSettings.MAX_SIZE.name(), "2MiB"));
    }

    @Override
    public Map<String, Map<String, String>> refusedTopics() {
        Path text = newFile();
        try {
            Files.writeString(text, "This is a letter, and no database. ".repeat(100));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "a file that is no database", Map.of(SqliteSettings.PATH.name(), text.toString()),
                "a folder", Map.of(SqliteSettings.PATH.name(), folder.toString()));
    }

    private Path newFile() {
        return folder.resolve("topic" + topics.incrementAndGet() + ".db");
    }
}
