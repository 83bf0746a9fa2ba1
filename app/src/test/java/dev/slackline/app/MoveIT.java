package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A move from one file to another. */
class MoveIT {

    @TempDir
    private Path folder = Path.of("");

    @Test
    @Timeout(180)
    void throughKillsNothingIsLost() throws Exception {
        new KilledMove(folder, 4_000, 5).isWhole(file("old.db"), file("new.db"));
    }

    @Test
    @Timeout(60)
    void oneThatIsStoppedSaysHowToGoOn() throws Exception {
        try (MovedTopic from = new MovedTopic(file("old.db"));
                MovedTopic to = new MovedTopic(file("new.db"))) {
            from.publish(100, 0);
            from.delayOne(); // and so the next one of its key
            try (SlacklineProcess move = KilledMove.start(folder, from, to)) {
                SlacklineProcess.await("all is there that may be had", () -> to.waiting() == 198);
                move.terminate();
                assertThat(move.exitCode()).isEqualTo(1);
                assertThat(move.out()).contains("moved 198, dead 0, already there 0, refused 0, left 2, lost 0");
                assertThat(move.err()).contains("the same command goes on").doesNotContain("\tat ");
            }
        }
    }

    private Map<String, String> file(String name) {
        return KilledMove.sqlite(folder.resolve(name));
    }
}
