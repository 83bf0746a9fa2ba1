package dev.slackline.backend.sqlite;

import static dev.slackline.backend.sqlite.Sqlite.await;
import static dev.slackline.backend.sqlite.Sqlite.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Status;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishTest {

    private final MovableClock clock = new MovableClock();

    @TempDir
    Path folder;

    @Test
    void concurrentPublishesAreAllStoredOnce() throws Exception {
        try (QueueBackend backend = open()) {
            await(backend.group("a").declare());
            Set<String> ids = new HashSet<>();
            ConcurrentLinkedQueue<String> confirmed = new ConcurrentLinkedQueue<>();
            List<Thread> publishers = IntStream.range(0, 20)
                    .mapToObj(p -> new Thread(() -> IntStream.range(0, 200).forEach(i -> {
                        Message message = message(i);
                        backend.publish(message).toCompletableFuture().join();
                        confirmed.add(message.id());
                    })))
                    .toList();
            publishers.forEach(Thread::start);
            Probe probe = Probe.on(backend, "a", 4_000);
            for (Delivery delivery : probe.next(4_000)) {
                ids.add(delivery.message().id());
            }
            for (Thread publisher : publishers) {
                publisher.join();
            }
            assertThat(ids).hasSize(4_000).containsExactlyInAnyOrderElementsOf(confirmed);
        }
    }

    @Test
    void oneIdIsStoredOnceWithinTheWindowEvenAfterItWasSettledAndReopened() throws Exception {
        Message message = message(1);
        try (QueueBackend backend = open("QUEUE_DEDUP_WINDOW=1h")) {
            await(backend.group("a").declare());
            await(backend.publish(message));
            await(backend.publish(message));
            await(Probe.on(backend, "a", 1).next().ack());
        }
        clock.move(Duration.ofMinutes(59));
        try (QueueBackend backend = open("QUEUE_DEDUP_WINDOW=1h")) {
            await(backend.publish(message));
            assertThat(await(backend.group("a").stats()).waiting()).isZero();
            clock.move(Duration.ofMinutes(1));
            await(backend.publish(message));
            assertThat(await(backend.group("a").stats()).waiting()).isEqualTo(1);
        }
    }

    @Test
    void idsAreForgottenAfterTheWindowLittleByLittle() throws Exception {
        try (QueueBackend backend = open("QUEUE_DEDUP_WINDOW=1h")) {
            await(backend.group("a").declare());
            for (int i = 0; i < 500; i++) {
                backend.publish(message(i));
            }
            await(backend.publish(message(0)));
            assertThat(count("seen")).isEqualTo(501);
            clock.move(Duration.ofHours(2));
            for (int i = 0; i < 100; i++) {
                await(backend.publish(message(i)));
            }
            assertThat(count("seen")).isLessThanOrEqualTo(101);
        }
    }

    @Test
    void fullDatabaseRefusesPublishesKeepsWhatItHasAndRecovers() throws Exception {
        try (QueueBackend backend = open("SQLITE_MAX_SIZE=400KiB")) {
            await(backend.group("a").declare());
            Message first = big();
            await(backend.publish(first));
            int stored = 1;
            Throwable refusal = null;
            while (refusal == null) {
                CompletableFuture<Void> published = backend.publish(big()).toCompletableFuture();
                refusal = published.handle((nothing, error) -> error).get();
                stored += refusal == null ? 1 : 0;
            }
            assertThat(refusal)
                    .isInstanceOfSatisfying(
                            PublishException.class,
                            e -> assertThat(e.retryable()).isTrue())
                    .hasMessageContaining("SQLITE_MAX_SIZE=409600");
            await(backend.publish(first)); // a duplicate needs no room
            assertThat(backend.status().state()).isEqualTo(Status.State.UP);
            assertThat(stored).isBetween(20, 40);
            assertThat(await(backend.group("a").stats()).waiting()).isEqualTo(stored);
            for (Delivery delivery : Probe.on(backend, "a", stored).next(stored)) {
                assertThat(await(delivery.ack())).isEqualTo(Settlement.SETTLED);
            }
            await(backend.publish(big()));
        }
    }

    @Test
    void writeThatFailsFailsAloneAndNothingAfterIt() throws Exception {
        try (QueueBackend backend = open()) {
            await(backend.group("a").declare());
            execute(
                    "CREATE TRIGGER no BEFORE INSERT ON message WHEN NEW.key = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END");
            for (int round = 0; round < 3; round++) {
                List<CompletableFuture<Void>> good = new ArrayList<>();
                List<CompletableFuture<Void>> bad = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    good.add(backend.publish(message(i)).toCompletableFuture());
                    bad.add(backend.publish(Message.of("bad", Payload.of(Map.of())))
                            .toCompletableFuture());
                }
                for (CompletableFuture<Void> each : good) {
                    await(each);
                }
                for (CompletableFuture<Void> each : bad) {
                    assertThat(each.handle((nothing, error) -> error).get()).isInstanceOf(PublishException.class);
                }
            }
            assertThat(await(backend.group("a").stats()).ready()).isEqualTo(90);
            execute("DROP TRIGGER no");
            await(backend.publish(Message.of("bad", Payload.of(Map.of()))));
            assertThat(backend.status().state()).isEqualTo(Status.State.UP);
        }
    }

    @Test
    void foreignRowsArePassedOnAsTheyAre() throws Exception {
        try (QueueBackend backend = open()) {
            await(backend.group("a").declare());
            execute("INSERT INTO message (seq, published_at, id, key, headers, payload)"
                    + " SELECT next_seq, 0, 'bad' || char(10), 'k', '[1', x'ff00' FROM state");
            execute("UPDATE state SET next_seq = next_seq + 1");
            await(backend.publish(message(2)));
            Probe probe = Probe.on(backend, "a", 2);
            Delivery foreign = probe.next();
            assertThat(foreign.message().payload().bytes()).isEqualTo(new byte[] {(byte) 0xff, 0});
            assertThat(foreign.message().key()).isEqualTo("malformed");
            await(foreign.deadLetter("malformed"));
            await(probe.next().ack());
            assertThat(await(backend.group("a").deadLetters().list(null, 10))).hasSize(1);
        }
    }

    private static Message big() {
        return Message.of("k", Payload.of(Map.of("text", "x".repeat(10_000))));
    }

    private QueueBackend open(String... settings) {
        return Sqlite.open(folder.resolve("q.db"), clock, settings);
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("q.db"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long count(String table) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("q.db"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }
}
