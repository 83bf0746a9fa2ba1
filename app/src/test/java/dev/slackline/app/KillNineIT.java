package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Promise 1 and 2: what was answered 2xx is there after kill -9 (case 12). */
class KillNineIT {

    private static final int KILLS = 10;
    private static final int DURABLE_BEFORE_A_KILL = 200;
    private static final int AT_ONCE = 64;
    private static final Pattern ID = Pattern.compile("^\\{\"id\":\"(Ev[^\"]+)\"", Pattern.MULTILINE);

    private final SignedSender slack = new SignedSender();
    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private final Set<String> durable = ConcurrentHashMap.newKeySet();

    @TempDir
    private Path folder = Path.of("");

    @Test
    @Timeout(180)
    void nothingThatWasAnswered200IsMissingAfterTenKills() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            try (SlacklineProcess serve = SlacklineProcess.serve(folder, Map.of())) {
                floodAndKill(serve, kill);
            }
        }
        Set<String> consumed = new TreeSet<>();
        int lines;
        try (SlacklineProcess consume = SlacklineProcess.start(folder, Map.of(), "consume", "--idle-timeout", "2s")) {
            assertThat(consume.exitCode()).isZero();
            Matcher ids = ID.matcher(consume.out());
            for (lines = 0; ids.find(); lines++) {
                consumed.add(ids.group(1));
            }
        }
        Set<String> lost = new TreeSet<>(durable);
        lost.removeAll(consumed);
        System.out.printf(
                "kill -9 of serve, %d times: sent %d, answered 200 %d, consumed %d, duplicates %d, lost %d%n",
                KILLS, sent.size(), durable.size(), consumed.size(), lines - consumed.size(), lost.size());

        assertThat(lost).isEmpty();
        assertThat(durable).hasSizeGreaterThanOrEqualTo(KILLS * DURABLE_BEFORE_A_KILL);
        assertThat(sent).containsAll(consumed);
        assertThat(lines).isEqualTo(consumed.size());
    }

    /** Sends without pause, and kills while requests are under way. */
    private void floodAndKill(SlacklineProcess serve, int kill) throws InterruptedException {
        int port = serve.port();
        Semaphore room = new Semaphore(AT_ONCE);
        AtomicInteger durableNow = new AtomicInteger();
        int unanswered = 0;
        for (int i = 0; durableNow.get() < DURABLE_BEFORE_A_KILL; i++) {
            assertThat(unanswered).as("requests sent in vain").isLessThan(100_000);
            unanswered++;
            room.acquire();
            String id = "Ev" + kill + "x" + i;
            sent.add(id);
            slack.send(port, id, "x".repeat(1000)).thenAccept(status -> {
                room.release();
                if (status == 200) {
                    durable.add(id);
                    durableNow.incrementAndGet();
                }
            });
        }
        serve.killNine();
        room.acquire(AT_ONCE);
    }
}
