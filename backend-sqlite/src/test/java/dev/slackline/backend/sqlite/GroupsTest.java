package dev.slackline.backend.sqlite;

import static dev.slackline.backend.sqlite.Sqlite.await;
import static dev.slackline.backend.sqlite.Sqlite.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.ConsumeException;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.Settlement;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupsTest {

    private final MovableClock clock = new MovableClock();

    @TempDir
    Path folder;

    @Test
    void everyGroupGetsEveryMessageAndItGoesWithTheLast() throws Exception {
        try (QueueBackend backend = open()) {
            await(backend.group("a").declare());
            await(backend.group("b").declare());
            assertThat(await(backend.groups())).containsExactly("a", "b");
            await(backend.publish(message(1)));
            await(Probe.on(backend, "a", 1).next().ack());
            assertThat(rows("message")).isEqualTo(1);
            await(Probe.on(backend, "b", 1).next().ack());
            assertThat(rows("message")).isZero();
            assertThat(rows("delivery")).isZero();
        }
    }

    @Test
    void droppingAGroupWhileItSettlesTakesNothingFromAnother() throws Exception {
        try (QueueBackend backend = open()) {
            await(backend.group("a").declare());
            await(backend.group("b").declare());
            Message sent = message(1);
            await(backend.publish(sent));
            Delivery delivery = Probe.on(backend, "a", 1).next();
            CompletionStage<Settlement> acked;
            CompletionStage<Void> dropped;
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("q.db"));
                    Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE"); // both wait, and then share one transaction
                acked = delivery.ack();
                dropped = backend.group("a").drop();
                statement.execute("COMMIT");
            }
            await(acked);
            await(dropped);
            assertThat(Probe.on(backend, "b", 1).next().message()).isEqualTo(sent);
        }
    }

    @Test
    void publishWithoutAnyGroupIsRefusedForGood() throws Exception {
        try (QueueBackend backend = open()) {
            assertThatThrownBy(() -> await(backend.publish(message(1))))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            PublishException.class,
                            e -> assertThat(e.retryable()).isFalse())
                    .hasMessageContaining("no group is declared");
        }
    }

    @Test
    void groupStartsWithWhatComesAfterItsDeclaration() throws Exception {
        try (QueueBackend backend = open()) {
            await(backend.group("a").declare());
            await(backend.publish(message(1)));
            await(backend.group("late").declare());
            Message second = message(2);
            await(backend.publish(second));
            assertThat(Probe.on(backend, "late", 2).next().message()).isEqualTo(second);
            assertThat(await(backend.group("a").stats()).ready()).isEqualTo(2);
        }
    }

    @Test
    void earliestGroupStartsWithWhatIsStillHeld() throws Exception {
        try (QueueBackend backend = open("QUEUE_GROUP_START=earliest")) {
            await(backend.group("a").declare());
            for (int i = 0; i < 6; i++) {
                await(backend.publish(message(i)));
            }
            Probe a = Probe.on(backend, "a", 4);
            Delivery first = a.next();
            await(a.next().ack());
            await(a.next().ack());
            await(backend.group("late").declare());
            assertThat(await(backend.group("late").stats()).ready()).isEqualTo(4);
            Probe late = Probe.on(backend, "late", 10);
            assertThat(late.next().message()).isEqualTo(first.message());
            late.next(3);
            assertThat(late.within(Duration.ofMillis(150))).isNull();
            assertThat(await(backend.group("late").stats()).inFlight()).isEqualTo(4);
        }
    }

    @Test
    void retainedMessagesGoWhenTheirTimeIsUp() throws Exception {
        try (QueueBackend backend = open("SQLITE_RETENTION=1h", "QUEUE_GROUP_START=earliest")) {
            await(backend.group("a").declare());
            Message message = new Message(
                    "one",
                    "k",
                    null,
                    clock.instant(),
                    java.util.Map.of(),
                    message(1).payload());
            await(backend.publish(message));
            await(Probe.on(backend, "a", 1).next().ack());
            await(backend.group("late").declare());
            await(Probe.on(backend, "late", 1).next().ack());
            assertThat(rows("message")).isEqualTo(1);
            clock.move(Duration.ofMinutes(61));
            Eventually.is(() -> rows("message") == 0);
        }
    }

    @Test
    void droppedGroupEndsItsStreamsInEveryProcessAndLeavesNothing() throws Exception {
        try (QueueBackend backend = open();
                QueueBackend other = open()) {
            await(backend.group("a").declare());
            await(backend.group("b").declare());
            for (int i = 0; i < 600; i++) {
                backend.publish(message(i));
            }
            await(Probe.on(backend, "b", 600).next(600).get(599).ack());
            Probe here = Probe.on(backend, "a", 10);
            here.next();
            Probe there = Probe.on(other, "a", 1_000);
            there.next();
            await(backend.group("a").drop());
            assertEnded(here);
            assertEnded(there);
            await(backend.group("b").drop());
            Eventually.is(() -> rows("message") == 0 && rows("delivery") == 0);
            assertThat(await(backend.groups())).isEmpty();
        }
    }

    @Test
    void consumingAnUndeclaredGroupEndsWithAnError() throws Exception {
        try (QueueBackend backend = open()) {
            assertEnded(Probe.on(backend, "nobody", 1));
            assertThatThrownBy(() -> await(backend.group("nobody").stats())).hasCauseInstanceOf(ConsumeException.class);
        }
    }

    @Test
    void statsAreExact() throws Exception {
        try (QueueBackend backend = open();
                QueueBackend other = open()) {
            await(backend.group("a").declare());
            GroupStats fresh = await(backend.group("a").stats());
            assertThat(fresh).isEqualTo(new GroupStats(0, 0, 0, 0, null, 0, clock.instant()));
            Message message = new Message(
                    "one",
                    "k",
                    null,
                    clock.instant(),
                    java.util.Map.of(),
                    message(1).payload());
            await(backend.publish(message));
            for (int i = 0; i < 4; i++) {
                await(backend.publish(message.withId("more" + i)));
            }
            Probe probe = Probe.on(other, "a", 3);
            await(probe.next().retry(Duration.ofMinutes(1), "later"));
            await(probe.next().deadLetter("no"));
            probe.next();
            clock.move(Duration.ofSeconds(5));
            Eventually.is(() -> await(backend.group("a").stats())
                    .equals(new GroupStats(2, 1, 1, 1, Duration.ofSeconds(5), 1, null)));
            probe.cancel();
            Eventually.is(() -> await(backend.group("a").stats())
                    .equals(new GroupStats(2, 1, 1, 1, Duration.ofSeconds(5), 0, clock.instant())));
        }
    }

    private static void assertEnded(Probe probe) throws Exception {
        assertThat(probe.ended())
                .isInstanceOfSatisfying(
                        ConsumeException.class, e -> assertThat(e.retryable()).isFalse());
    }

    private QueueBackend open(String... settings) {
        return Sqlite.open(folder.resolve("q.db"), clock, settings);
    }

    private long rows(String table) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("q.db"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }
}
