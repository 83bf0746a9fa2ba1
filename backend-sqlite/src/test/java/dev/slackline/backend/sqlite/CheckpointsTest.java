package dev.slackline.backend.sqlite;

import static dev.slackline.backend.sqlite.Sqlite.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.QueueBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {

    private static final int MESSAGES = 12_000;
    private static final int PAGE = 8192;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theLogStaysSmallThoughTheWriterNeverPauses() throws Exception {
        Path file = folder.resolve("q.db");
        long largestLog = 0;
        try (QueueBackend backend = Sqlite.open(file)) {
            await(backend.group("a").declare());
            Payload payload = Payload.of(Map.of("text", "x".repeat(8_000)));
            Semaphore slots = new Semaphore(64);
            for (int i = 0; i < MESSAGES; i++) {
                assertThat(slots.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
                backend.publish(Message.of("k", payload)).whenComplete((nothing, error) -> slots.release());
                largestLog = Math.max(largestLog, Files.size(folder.resolve("q.db-wal")));
            }
            assertThat(slots.tryAcquire(64, 20, TimeUnit.SECONDS)).isTrue();

            assertThat(Files.size(file)).isGreaterThan(MESSAGES * 8_000L / 2);
            assertThat(await(backend.group("a").stats()).ready()).isEqualTo(MESSAGES);
        }
        assertThat(largestLog).isLessThan((long) Checkpoints.LARGEST_LOG_PAGES * PAGE);
    }
}
