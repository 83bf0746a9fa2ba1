package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A move that is killed again and again, and started again: nothing is lost, and each group gets its own. */
final class KilledMove {

    private static final int DEAD = 60;
    private static final int PREFETCH = 16;
    private static final long SEED = System.nanoTime();

    private final Path folder;
    private final int messages;
    private final int kills;

    /** Its files go into this folder. */
    KilledMove(Path folder, int messages, int kills) {
        this.folder = folder;
        this.messages = messages;
        this.kills = kills;
    }

    /** What is done while the last move runs, the one that nobody kills and that has something to do until this is done. */
    interface Meanwhile {
        void done(SlacklineProcess move, MovedTopic from, MovedTopic to) throws Exception;
    }

    /** {@link #isWhole(Map, Map, Meanwhile)} while nothing is done. */
    void isWhole(Map<String, String> source, Map<String, String> target) throws Exception {
        isWhole(source, target, null);
    }

    /** Moves all of it, and checks that it is the same. */
    void isWhole(Map<String, String> source, Map<String, String> target, @Nullable Meanwhile meanwhile)
            throws Exception {
        Random random = new Random(SEED);
        try (MovedTopic from = new MovedTopic(source);
                MovedTopic to = new MovedTopic(target)) {
            from.publish(messages, messages / 4);
            from.bury(DEAD);
            for (int kill = 0; kill < kills; kill++) {
                long enough = to.waiting() + 50 + random.nextInt(messages / kills);
                try (SlacklineProcess move = start(folder, from, to)) {
                    SlacklineProcess.await("so many are there", () -> to.waiting() >= enough);
                    move.killNine();
                }
            }
            Runnable givingBack = meanwhile == null ? () -> {} : from.hold();
            try (SlacklineProcess move = start(folder, from, to)) {
                if (meanwhile != null) {
                    meanwhile.done(move, from, to);
                }
                givingBack.run();
                assertThat(move.exitCode()).as(move.err()).isZero();
                assertThat(move.out()).contains("left 0, lost 0");
            }
            assertThat(from.waiting()).isZero();
            to.readAll(from);
            compare(from, to);
        }
    }

    private void compare(MovedTopic from, MovedTopic to) {
        int expected = 0;
        for (String group : List.of("bots", "default")) {
            assertThat(to.received(group)).as("group " + group).isEqualTo(from.expected(group));
            expected += from.expected(group).size();
        }
        System.out.printf(
                "move %s to %s, killed %d times (seed %d): %d messages and %d dead letters, duplicates %d, lost 0%n",
                from.backend(), to.backend(), kills, SEED, expected, DEAD, to.duplicates());
        int inFlight = (kills + 1) * 2 * PREFETCH; // of the last move, too: the target may have died meanwhile
        assertThat(to.duplicates())
                .isLessThanOrEqualTo(to.has(Feature.DEDUPLICATION) && to.has(Feature.EXACT_STATS) ? 0 : inFlight);
        if (from.has(Feature.ORDER_BY_KEY) && to.has(Feature.ORDER_BY_KEY)) {
            assertThat(to.misplaced())
                    .as("messages after a later one of their key")
                    .isEmpty();
        }
        assertThat(to.dead("bots")).containsExactlyInAnyOrderElementsOf(from.buried());
        assertThat(from.dead("bots")).isEmpty();
        assertThat(to.dead("default")).extracting(DeadLetter::message).isEmpty();
    }

    /** Starts the command. */
    static SlacklineProcess start(Path folder, MovedTopic from, MovedTopic to) throws Exception {
        Path source = write(folder.resolve("from.env"), from.settings());
        Path target = write(folder.resolve("to.env"), to.settings());
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

    private static Path write(Path file, Map<String, String> settings) throws Exception {
        List<String> lines = settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .toList();
        return Files.write(file, lines);
    }

    /** Settings of a file. */
    static Map<String, String> sqlite(Path file) {
        return Map.of("QUEUE_BACKEND", "sqlite", "SQLITE_PATH", file.toString());
    }
}
