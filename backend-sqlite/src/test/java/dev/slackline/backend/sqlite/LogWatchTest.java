package dev.slackline.backend.sqlite;

import static dev.slackline.backend.sqlite.Sqlite.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.QueueBackend;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogWatchTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatIsWrittenToTheDatabaseIsHeard() throws Exception {
        Semaphore heard = new Semaphore(0);
        Path file = folder.resolve("q.db");
        try (QueueBackend writes = Sqlite.open(file);
                LogWatch watch = new LogWatch(file, heard::release)) {
            await(writes.group("a").declare());
            watch.on();
            await(writes.publish(Sqlite.message(1)));
            assertThat(heard.tryAcquire(20, TimeUnit.SECONDS)).isTrue();

            watch.off();
            watch.on();
            heard.drainPermits();
            await(writes.publish(Sqlite.message(2)));
            assertThat(heard.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whereNothingCanBeHeardNothingFails() throws Exception {
        try (LogWatch watch = new LogWatch(folder.resolve("gone").resolve("q.db"), () -> {})) {
            watch.on();
            watch.off();
            watch.on();
        }
        assertThat(folder.resolve("gone")).doesNotExist();
    }
}
