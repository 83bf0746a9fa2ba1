package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.Feature;
import dev.slackline.queue.testkit.broker.RabbitMqBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A move that is killed again and again, and started again: nothing is lost, and each group gets its own. */
class MoveIT {

    private static final int KILLS = 5;
    private static final int MESSAGES = 4_000;
    private static final int DEAD = 60;
    private static final int PREFETCH = 16;
    private static final long SEED = System.nanoTime();

    @TempDir
    static Path brokerFolder;

    private static RabbitMqBroker broker;

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void startBroker() {
        broker = RabbitMqBroker.in(brokerFolder);
        broker.start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) { // null where RabbitMQ is not installed
            broker.close();
        }
    }

    @Test
    @Timeout(180)
    void fromSqliteToRabbitMq() throws Exception {
        isMovedThroughKills(sqlite("old.db"), rabbitMq());
    }

    @Test
    @Timeout(180)
    void fromRabbitMqToSqlite() throws Exception {
        isMovedThroughKills(rabbitMq(), sqlite("new.db"));
    }

    @Test
    @Timeout(180)
    void fromOneFileToAnother() throws Exception {
        isMovedThroughKills(sqlite("old.db"), sqlite("new.db"));
    }

    @Test
    @Timeout(60)
    void oneThatIsStoppedSaysHowToGoOn() throws Exception {
        try (MovedTopic from = new MovedTopic(sqlite("old.db"));
                MovedTopic to = new MovedTopic(sqlite("new.db"))) {
            from.publish(100, 0);
            from.delayOne(); // and so the next one of its key
            try (SlacklineProcess move = move(from, to)) {
                SlacklineProcess.await("all is there that may be had", () -> to.waiting() == 198);
                move.terminate();
                assertThat(move.exitCode()).isEqualTo(1);
                assertThat(move.out()).contains("moved 198, dead 0, already there 0, refused 0, left 2, lost 0");
                assertThat(move.err()).contains("the same command goes on").doesNotContain("\tat ");
            }
        }
    }

    @Test
    @Timeout(120)
    void aTargetThatIsAwayForAWhileIsWaitedFor() throws Exception {
        try (MovedTopic from = new MovedTopic(sqlite("old.db"));
                MovedTopic to = new MovedTopic(rabbitMq())) {
            from.publish(MESSAGES, 0);
            try (SlacklineProcess move = move(from, to)) {
                SlacklineProcess.await("some are there", () -> to.waiting() > 100);
                broker.kill9();
                SlacklineProcess.await("it has noticed", () -> move.err().contains("takes nothing now"));
                broker.start();
                assertThat(move.exitCode()).as(move.err()).isZero();
                assertThat(move.out()).contains("left 0, lost 0");
            }
            to.readAll();
            assertThat(to.received("bots").keySet())
                    .isEqualTo(from.expected("bots").keySet());
            assertThat(to.received("default").keySet())
                    .isEqualTo(from.expected("default").keySet());
        }
    }

    private void isMovedThroughKills(Map<String, String> source, Map<String, String> target) throws Exception {
        Random random = new Random(SEED);
        try (MovedTopic from = new MovedTopic(source);
                MovedTopic to = new MovedTopic(target)) {
            from.publish(MESSAGES, MESSAGES / 4);
            from.bury(DEAD);
            for (int kill = 0; kill < KILLS; kill++) {
                long enough = to.waiting() + 100 + random.nextInt(MESSAGES / KILLS);
                try (SlacklineProcess move = move(from, to)) {
                    SlacklineProcess.await("so many are there", () -> to.waiting() >= enough);
                    move.killNine();
                }
            }
            try (SlacklineProcess move = move(from, to)) {
                assertThat(move.exitCode()).as(move.err()).isZero();
                assertThat(move.out()).contains("left 0, lost 0");
            }
            assertThat(from.waiting()).isZero();
            to.readAll();
            compare(from, to);
        }
    }

    private static void compare(MovedTopic from, MovedTopic to) {
        int expected = 0;
        for (String group : List.of("bots", "default")) {
            assertThat(to.received(group)).as("group " + group).isEqualTo(from.expected(group));
            expected += from.expected(group).size();
        }
        System.out.printf(
                "move %s to %s, killed %d times (seed %d): %d messages and %d dead letters, duplicates %d, lost 0%n",
                from.backend(), to.backend(), KILLS, SEED, expected, DEAD, to.duplicates());
        int inFlight = KILLS * 2 * PREFETCH;
        assertThat(to.duplicates())
                .isLessThanOrEqualTo(to.has(Feature.DEDUPLICATION) && to.has(Feature.EXACT_STATS) ? 0 : inFlight);
        if (from.has(Feature.ORDER_BY_KEY) && to.has(Feature.ORDER_BY_KEY)) {
            assertThat(to.misplaced())
                    .as("messages before an earlier one of their key")
                    .isZero();
        }
        assertThat(to.dead("bots")).containsExactlyInAnyOrderElementsOf(from.buried());
        assertThat(from.dead("bots")).isEmpty();
        assertThat(to.dead("default")).extracting(DeadLetter::message).isEmpty();
    }

    private SlacklineProcess move(MovedTopic from, MovedTopic to) throws Exception {
        Path source = write("from.env", from.settings());
        Path target = write("to.env", to.settings());
        return SlacklineProcess.start(
                folder,
                Map.of("QUEUE_LEASE", "1s", "QUEUE_PREFETCH", Integer.toString(PREFETCH)),
                "move",
                "--from",
                from.backend(),
                "--from-env",
                source.toString(),
                "--to",
                to.backend(),
                "--to-env",
                target.toString());
    }

    private Path write(String name, Map<String, String> settings) throws Exception {
        List<String> lines = settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .toList();
        return Files.write(folder.resolve(name), lines);
    }

    private Map<String, String> sqlite(String file) {
        return Map.of(
                "QUEUE_BACKEND", "sqlite", "SQLITE_PATH", folder.resolve(file).toString());
    }

    private static Map<String, String> rabbitMq() {
        Map<String, String> settings = new HashMap<>();
        settings.put("QUEUE_BACKEND", "rabbitmq");
        settings.put("MQ_HOST", broker.address().getHostString());
        settings.put("MQ_PORT", Integer.toString(broker.address().getPort()));
        settings.put("MQ_USERNAME", RabbitMqBroker.USER);
        settings.put("MQ_PASSWORD", RabbitMqBroker.USER);
        settings.put("MQ_EXCHANGE", "move_" + UUID.randomUUID().toString().substring(0, 8));
        return settings;
    }
}
