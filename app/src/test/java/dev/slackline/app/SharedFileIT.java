package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.app.wiring.Configuration;
import dev.slackline.queue.Message;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueListener;
import dev.slackline.queue.config.Env;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members of one group in several processes share its messages (case 51). */
class SharedFileIT {

    private static final int MESSAGES = 100_000;
    private static final Pattern ID = Pattern.compile("^\\{\"id\":\"([^\"]+)\"", Pattern.MULTILINE);

    @TempDir
    private Path folder = Path.of("");

    @Test
    @Timeout(240)
    void twoProcessesShareAHundredThousandMessagesAndHandleEachOnce() throws Exception {
        Set<String> published = publish();
        try (SlacklineProcess one = SlacklineProcess.start(folder, Map.of(), "consume", "--idle-timeout", "3s");
                SlacklineProcess two = SlacklineProcess.start(folder, Map.of(), "consume", "--idle-timeout", "3s")) {
            assertThat(one.exitCode()).isZero();
            assertThat(two.exitCode()).isZero();
            Map<String, Integer> handled = new HashMap<>();
            Stream.of(one, two).forEach(process -> count(process.out(), handled));
            Set<String> lost = new TreeSet<>(published);
            lost.removeAll(handled.keySet());
            long duplicates =
                    handled.values().stream().filter(times -> times > 1).count();
            long byOne = one.out().lines().count();
            System.out.printf(
                    "two processes: published %d, handled %d (%d and %d), duplicates %d, lost %d%n",
                    published.size(), handled.size(), byOne, two.out().lines().count(), duplicates, lost.size());

            assertThat(lost).isEmpty();
            assertThat(duplicates).isZero();
            assertThat(byOne).isBetween(1L, (long) MESSAGES - 1);
        }
    }

    private Set<String> publish() throws InterruptedException {
        Configuration configuration = Configuration.load(
                Env.of(Map.of("SQLITE_PATH", folder.resolve("queue.db").toString())));
        Set<String> ids = new TreeSet<>();
        Semaphore room = new Semaphore(1000);
        List<CompletableFuture<Message>> failed = new CopyOnWriteArrayList<>();
        try (Queue queue = configuration.openWithGroups(new QueueListener() {})) {
            for (int i = 0; i < MESSAGES; i++) {
                room.acquire();
                CompletableFuture<Message> published = queue.publish("event.message", Map.of("n", i));
                published.whenComplete((message, error) -> {
                    if (error != null) {
                        failed.add(published);
                    } else {
                        synchronized (ids) {
                            ids.add(message.id());
                        }
                    }
                    room.release();
                });
            }
            room.acquire(1000);
        }
        assertThat(failed).isEmpty();
        assertThat(ids).hasSize(MESSAGES);
        return ids;
    }

    private static void count(String lines, Map<String, Integer> handled) {
        Matcher ids = ID.matcher(lines);
        while (ids.find()) {
            handled.merge(ids.group(1), 1, Integer::sum);
        }
    }
}
