package dev.slackline.backend.sqlite;

import static dev.slackline.backend.sqlite.Sqlite.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.QueueBackend;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while SQLite copies the write-ahead log into the file (case 12). */
class InterruptedCheckpointTest {

    private static final int MESSAGES = 200;
    private static final int PAGE = 8192;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aFileOfWhichOnlyTheFirstPageWasCopiedIsOpenedWithEverythingInIt() throws Exception {
        Path file = folder.resolve("q.db");
        Path killed = Files.createDirectory(folder.resolve("killed")).resolve("q.db");
        try (QueueBackend backend = Sqlite.open(file)) {
            await(backend.group("a").declare());
            List<CompletionStage<Void>> stored = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                stored.add(backend.publish(Message.of("k", Payload.of(Map.of("text", "x".repeat(2_000))))));
            }
            for (CompletionStage<Void> each : stored) {
                await(each);
            }
            Files.copy(file, killed);
            Files.copy(folder.resolve("q.db-wal"), killed.resolveSibling("q.db-wal"));
        }
        byte[] firstPage = Arrays.copyOf(Files.readAllBytes(file), PAGE);
        assertThat(Files.size(killed)).isLessThan(Files.size(file));
        try (RandomAccessFile half = new RandomAccessFile(killed.toFile(), "rw")) {
            half.write(firstPage);
        }

        try (QueueBackend backend = Sqlite.open(killed)) {
            assertThat(await(backend.group("a").stats()).ready()).isEqualTo(MESSAGES);
        }
    }
}
