package dev.slackline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has succeeded is remembered by the queue, not by the process. */
class KilledHandlersIT {

    @TempDir
    private Path folder;

    @Test
    void afterKillMinusNineOnlyTheHandlerThatFailedIsCalledAgain() throws Exception {
        Map<String, String> env = Map.of(
                "SQLITE_PATH", folder.resolve("queue.db").toString(),
                "QUEUE_GROUPS", "bots",
                "QUEUE_LEASE", "2s",
                "QUEUE_RETRY_BACKOFF", "200ms",
                "QUEUE_MAX_ATTEMPTS", "1000");
        Path notes = folder.resolve("notes");
        Path mended = folder.resolve("mended");
        try (Queue queue = Queue.fromEnv(env)) {
            Message message =
                    queue.publish("event.app_mention", Payload.of(Map.of())).join();
            Process bot = start(env, notes, mended);
            try {
                Until.holds(() -> count(notes, "bad " + message.id()) >= 2); // so there is a part
                bot.destroyForcibly().waitFor();
                Files.createFile(mended);
                bot = start(env, notes, mended);
                Until.holds(() -> {
                    GroupStats now =
                            queue.group("bots").stats().toCompletableFuture().join();
                    return now.waiting() == 0 && now.dead() == 0;
                });
            } finally {
                bot.destroyForcibly().waitFor();
            }
            assertThat(count(notes, "good " + message.id())).isEqualTo(1);
            assertThat(count(notes, "bad " + message.id())).isGreaterThanOrEqualTo(3);
        }
    }

    private static Process start(Map<String, String> env, Path notes, Path mended) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                NotingBot.class.getName(),
                notes.toString(),
                mended.toString());
        builder.environment().putAll(env);
        return builder.inheritIO().start();
    }

    private static long count(Path notes, String line) {
        try {
            return Files.exists(notes)
                    ? Files.readAllLines(notes).stream().filter(line::equals).count()
                    : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
