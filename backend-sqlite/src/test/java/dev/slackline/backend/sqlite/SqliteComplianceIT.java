package dev.slackline.backend.sqlite;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.testkit.QueueBackendCompliance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;

class SqliteComplianceIT extends QueueBackendCompliance {

    private final AtomicInteger topics = new AtomicInteger();

    @TempDir
    Path folder;

    @Override
    public QueueBackendProvider provider() {
        return new SqliteProvider();
    }

    @Override
    public Capabilities expected() {
        return new Capabilities("sqlite", EnumSet.allOf(Feature.class), "WAL, synchronous=FULL");
    }

    @Override
    public boolean isEmbedded() {
        return true;
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

    @Override
    public List<Intruder> intruders() {
        return List.of(
                new Row("headers that are no JSON", "'id-1', 'key', NULL, 'no json', x'7b7d'"),
                new Row("headers of other types", "'id-2', 'key', NULL, '{\"a\":[1],\"\":null}', x'7b7d'"),
                new Row("names that break the rules", "'', char(10), '', NULL, x'7b7d'"),
                new Row("numbers where text is expected", "1, 2, 3, 4, 5"),
                new Row("a payload that was cut off", "'id-5', 'key', 'T/C', NULL, x'7b2261223a'"));
    }

    /**
     * A row that another program wrote.
     *
     * @param description what is wrong with it
     * @param values id, key, ordering key, headers and payload, in SQL
     */
    private record Row(String description, String values) implements Intruder {

        @Override
        public void intrude(Map<String, String> topic) throws SQLException {
            try (Connection connection =
                            DriverManager.getConnection("jdbc:sqlite:" + topic.get(SqliteSettings.PATH.name()));
                    Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 5000");
                statement.execute("BEGIN IMMEDIATE");
                statement.execute("INSERT INTO message (seq, published_at, id, key, ordering_key, headers, payload)"
                        + " SELECT next_seq, 1, " + values + " FROM state");
                statement.execute("UPDATE state SET next_seq = next_seq + 1");
                statement.execute("COMMIT");
            }
        }
    }

    private Path newFile() {
        return folder.resolve("topic" + topics.incrementAndGet() + ".db");
    }
}
