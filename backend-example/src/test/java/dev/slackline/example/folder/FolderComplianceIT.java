package dev.slackline.example.folder;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.testkit.QueueBackendCompliance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

// [compliance]
class FolderComplianceIT extends QueueBackendCompliance {

    @TempDir
    Path folder;

    @Override
    public QueueBackendProvider provider() {
        return new FolderProvider();
    }

    @Override
    public Capabilities expected() {
        return FolderProvider.CAPABILITIES;
    }

    @Override
    public Map<String, String> newTopic() {
        return Map.of(
                "FOLDER_PATH", folder.resolve(UUID.randomUUID().toString()).toString());
    }

    @Override
    public boolean isEmbedded() {
        return true;
    }
    // [/compliance]

    @Override
    public Map<String, Map<String, String>> refusedTopics() {
        try {
            Path file = Files.writeString(folder.resolve("file"), "no folder");
            return Map.of("a file", Map.of("FOLDER_PATH", file.toString()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public List<Intruder> intruders() {
        return List.of(
                new ForeignFile("a file that is no message", "Dear queue,\n"),
                new ForeignFile(
                        "a payload that was cut off", "{\"id\":\"a\",\"key\":\"b\",\"at\":1}\n{\"text\":\"hel"));
    }

    private record ForeignFile(String description, String content) implements Intruder {

        @Override
        public void intrude(Map<String, String> topic) throws IOException {
            Folders folders = Folders.make(Path.of(topic.getOrDefault("FOLDER_PATH", "")));
            for (String group : folders.groups()) {
                Path file = folders.group(group)
                        .resolve("waiting")
                        .resolve(Entry.create(1).name());
                Files.writeString(file, content, StandardCharsets.UTF_8);
            }
        }
    }
}
