package dev.slackline.mcp.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Queue;
import dev.slackline.queue.testkit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five agents in five processes share a group; two are killed with events in their hands. */
class KilledAgentsIT {

    private static final int EVENTS = 1_000;
    /** Long enough for the others to be at work when those that hold theirs are killed. */
    private static final String LEASE = "8s";

    private static final Duration BOUND = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final List<Child> children = new ArrayList<>();

    @AfterEach
    void killThem() {
        children.forEach(child -> child.process.destroyForcibly());
    }

    @Test
    void everyEventIsAcknowledgedOnceAndNoneIsLost() {
        String file = folder.resolve("queue.db").toString();
        try (Queue queue =
                Queue.fromEnv(Map.of("QUEUE_BACKEND", "sqlite", "SQLITE_PATH", file, "QUEUE_LEASE", LEASE))) {
            Set<String> published = new HashSet<>();
            for (int i = 0; i < EVENTS; i++) {
                published.add(queue.publish(Mentions.of("C" + i % 10, "U1", "event " + i))
                        .join()
                        .id());
            }
            start(file, "hold", 2);
            List<Child> doomed = List.copyOf(children);
            doomed.forEach(child -> Await.until(() -> "one holds some", BOUND, () -> child.said("HOLDING")));
            start(file, "work", 3);
            Await.until(() -> "the others work", BOUND, () -> !acked().isEmpty());
            doomed.forEach(child -> child.process.destroyForcibly());
            assertThat(doomed)
                    .allSatisfy(child -> assertThat(child.all("CLAIMED ")).isNotEmpty());

            Await.until(
                    () -> "all are settled: " + stats(queue),
                    BOUND,
                    () -> stats(queue).waiting() == 0);
            Await.until(() -> "all acks are heard: " + acked().size(), BOUND, () -> acked().size() >= EVENTS);
            assertThat(acked()).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(published);
            assertThat(stats(queue).dead()).isZero();
        }
    }

    private void start(String file, String work, int number) {
        for (int i = 0; i < number; i++) {
            children.add(Child.start(file, work));
        }
    }

    private List<String> acked() {
        return children.stream().flatMap(child -> child.all("ACKED ").stream()).toList();
    }

    private static GroupStats stats(Queue queue) {
        return Await.result(queue.group("default").stats());
    }

    /** A process that runs {@link AgentMain}, and what it said. */
    private record Child(Process process, Collection<String> lines) {

        static Child start(String file, String work) {
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx128m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    AgentMain.class.getName(),
                    file,
                    LEASE,
                    work);
            try {
                Process process = new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                Child child = new Child(process, new ConcurrentLinkedQueue<>());
                Thread reader = new Thread(child::read, "agent-output");
                reader.setDaemon(true);
                reader.start();
                return child;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        boolean said(String line) {
            return lines.contains(line);
        }

        List<String> all(String start) {
            return lines.stream()
                    .filter(line -> line.startsWith(start))
                    .map(line -> line.substring(start.length()))
                    .toList();
        }

        private void read() {
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    lines.add(line);
                }
            } catch (IOException e) {
                lines.add("cannot be heard any more: " + e);
            }
        }
    }
}
