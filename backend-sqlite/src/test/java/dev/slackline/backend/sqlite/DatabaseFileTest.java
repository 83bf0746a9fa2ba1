package dev.slackline.backend.sqlite;

import static dev.slackline.backend.sqlite.Sqlite.await;
import static dev.slackline.backend.sqlite.Sqlite.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseFileTest {

    @TempDir
    Path folder;

    @Test
    void newFilesAreReadableByTheirOwnerAlone() throws Exception {
        Path file = folder.resolve("deep/er/q.db");
        try (QueueBackend backend = Sqlite.open(file)) {
            await(backend.group("a").declare());
            await(backend.publish(message(1)));
            assertThat(filesBeside(file)).containsExactly("q.db", "q.db-shm", "q.db-wal");
            for (String name : filesBeside(file)) {
                assertThat(mode(file.resolveSibling(name))).isEqualTo("rw-------");
            }
            assertThat(mode(folder.resolve("deep"))).isEqualTo("rwx------");
            assertThat(mode(folder.resolve("deep/er"))).isEqualTo("rwx------");
        }
        assertThat(filesBeside(file)).containsExactly("q.db");
    }

    @Test
    void strangePathsAreFilesOfThatName() throws Exception {
        Path file = folder.resolve("a b%20?x=1&y#z ü.db");
        try (QueueBackend backend = Sqlite.open(file)) {
            await(backend.group("a").declare());
        }
        assertThat(files(folder)).containsExactly(file.getFileName().toString());
    }

    @Test
    void emptyFileIsTakenAsNew() throws Exception {
        Path file = Files.createFile(folder.resolve("q.db"));
        try (QueueBackend backend = Sqlite.open(file)) {
            await(backend.group("a").declare());
        }
    }

    @Test
    void whatIsNoDatabaseIsRefusedAndLeftUntouched() throws Exception {
        Path file = Files.writeString(folder.resolve("q.db"), "dear diary, ".repeat(1_000));
        assertRefused(file, "no SQLite database");
    }

    @Test
    void truncatedHeaderIsRefusedAndLeftUntouched() throws Exception {
        Path file = Files.writeString(folder.resolve("q.db"), "SQLite format 3\0");
        assertRefused(file, "no SQLite database");
    }

    @Test
    void databaseOfAnotherProgramIsRefusedAndLeftUntouched() throws Exception {
        Path file = folder.resolve("q.db");
        change(file, "CREATE TABLE diary (day)");
        assertRefused(file, "another program");
    }

    @Test
    void databaseOfANewerVersionIsRefusedAndLeftUntouched() throws Exception {
        Path file = folder.resolve("q.db");
        Sqlite.open(file).close();
        change(file, "PRAGMA user_version = 7");
        assertRefused(file, "format 7 of a newer Slackline");
    }

    @Test
    void folderIsRefused() {
        assertThatThrownBy(() -> Sqlite.open(folder))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SQLITE_PATH")
                .hasMessageContaining("it is a folder");
    }

    @Test
    void aPathThroughAFileIsRefusedWithItsName() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> Sqlite.open(file.resolve("q.db")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SQLITE_PATH")
                .hasMessageContaining(file + " is a file, not a folder")
                .hasMessageNotContaining("Exception");
    }

    @Test
    void aFolderThatNobodyCanMakeIsSaidWithoutJavasNames() {
        assertThatThrownBy(() -> Sqlite.open(Path.of("/proc/slackline/q.db")))
                .hasMessageContaining("/proc/slackline")
                .hasMessageNotContaining("Exception");
    }

    @Test
    void manyCreateTheSameFileAtOnce() throws Exception {
        for (int round = 0; round < 8; round++) {
            Path file = folder.resolve("new" + round + "/q.db");
            if (round >= 4) {
                Files.createDirectories(file.getParent());
                Files.createFile(file);
            }
            createTogether(file, 6);
            assertThat(filesBeside(file)).containsExactly("q.db");
        }
    }

    private static void createTogether(Path file, int count) throws Exception {
        CyclicBarrier start = new CyclicBarrier(count);
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<?>> opened = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String group = "g" + i;
                opened.add(threads.submit(() -> {
                    start.await();
                    try (QueueBackend backend = Sqlite.open(file)) {
                        await(backend.group(group).declare());
                        assertThat(await(backend.groups())).contains(group);
                    }
                    return null;
                }));
            }
            for (Future<?> each : opened) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        try (QueueBackend backend = Sqlite.open(file)) {
            assertThat(await(backend.groups())).hasSize(count);
        }
    }

    private void assertRefused(Path file, String why) throws Exception {
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> Sqlite.open(file))
                .isInstanceOfSatisfying(
                        QueueConnectionException.class,
                        e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining(why)
                .hasMessageContaining("untouched")
                .hasMessageContaining(file.toString());
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(files(folder)).containsExactly("q.db");
    }

    private static void change(Path file, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static List<String> filesBeside(Path file) throws Exception {
        return files(file.resolveSibling("."));
    }

    private static List<String> files(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
