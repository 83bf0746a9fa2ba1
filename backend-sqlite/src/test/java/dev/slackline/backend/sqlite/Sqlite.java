package dev.slackline.backend.sqlite;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueBackendProvider.Opening;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Opens backends as a user would, with settings by their names. */
final class Sqlite {

    private Sqlite() {}

    static QueueBackend open(Path file, String... settings) {
        return open(file, InstantSource.system(), settings);
    }

    static QueueBackend open(Path file, InstantSource clock, String... settings) {
        SqliteProvider provider = new SqliteProvider();
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        Map<String, String> values = new HashMap<>();
        values.put("SQLITE_PATH", file.toString());
        for (String setting : settings) {
            int split = setting.indexOf('=');
            values.put(setting.substring(0, split), setting.substring(split + 1));
        }
        Settings parsed = Settings.parse(values, declared);
        return provider.open(new Opening(parsed, QueueSettings.from(parsed), clock));
    }

    static Message message(int number) {
        return Message.of("event.message", Payload.of(Map.of("n", number)));
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
