package dev.slackline.mcp.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.ResourceUpdates;
import dev.slackline.mcp.http.McpDoor;
import dev.slackline.mcp.http.McpSettings;
import dev.slackline.mcp.protocol.Offer;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Queue;
import dev.slackline.queue.testkit.Await;
import dev.slackline.slack.HttpServer;
import dev.slackline.slack.HttpSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five agents in five processes share a group; two are killed with events in their hands. */
class KilledAgentsIT {

    private static final int EVENTS = 1_000;
    private static final int AGENTS = 5;
    private static final int DOOMED = 2;
    /** Long enough for the others to be at work when those that hold theirs are killed. */
    private static final String LEASE = "8s";

    private static final Duration BOUND = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final List<AgentProcess> agents = new ArrayList<>();

    @AfterEach
    void killThem() {
        agents.forEach(agent -> agent.process().destroyForcibly());
    }

    @Test
    void eachWithAServerOfItsOwnEveryEventIsAcknowledgedOnceAndNoneIsLost() {
        try (Queue queue = queue()) {
            surviveTwoDeaths(queue, agent -> List.of(file(), LEASE));
        }
    }

    @Test
    void overHttpEveryEventIsAcknowledgedOnceAndNoneIsLost() {
        List<String> tokens = IntStream.range(0, AGENTS)
                .mapToObj(agent -> "agent" + agent + ":token" + agent)
                .toList();
        McpSettings settings = new McpSettings(tokens, List.of(), List.of(), 1 << 20, 0);
        ResourceUpdates updates = new ResourceUpdates();
        try (Queue queue = queue();
                Inbox inbox = Inbox.open(queue, InboxSettings.defaults(), updates);
                McpDoor door = new McpDoor(new Offer(inbox.catalog(), updates, "1.0", ""), settings, BOUND);
                HttpServer server = HttpServer.start(
                        new HttpSettings("127.0.0.1", 0, 64, BOUND, Duration.ofSeconds(30)), List.of(door))) {
            String address = "http://127.0.0.1:" + server.port() + McpDoor.PATH;
            surviveTwoDeaths(queue, agent -> List.of(address, "token" + agent));
            killThem();
            door.close(); // what its streams hold would keep the server from ending
        }
    }

    /** @param where what each agent is told of where the events are */
    private void surviveTwoDeaths(Queue queue, IntFunction<List<String>> where) {
        Set<String> published = new HashSet<>();
        for (int i = 0; i < EVENTS; i++) {
            published.add(queue.publish(Mentions.of("C" + i % 10, "U1", "event " + i))
                    .join()
                    .id());
        }
        start("hold", DOOMED, where);
        List<AgentProcess> doomed = List.copyOf(agents);
        doomed.forEach(agent -> Await.until(() -> "one holds some", BOUND, () -> agent.said("HOLDING")));
        start("work", AGENTS - DOOMED, where);
        Await.until(() -> "the others work", BOUND, () -> !acked().isEmpty());
        doomed.forEach(agent -> agent.process().toHandle().destroyForcibly()); // leaves its output to be read
        assertThat(doomed).allSatisfy(agent -> assertThat(agent.all("CLAIMED ")).isNotEmpty());

        Await.until(
                () -> "all are settled: " + stats(queue),
                BOUND,
                () -> stats(queue).waiting() == 0);
        Await.until(() -> "all acks are heard: " + acked().size(), BOUND, () -> acked().size() >= EVENTS);
        assertThat(acked()).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(published);
        assertThat(stats(queue).dead()).isZero();
    }

    private void start(String work, int number, IntFunction<List<String>> where) {
        for (int i = 0; i < number; i++) {
            List<String> place = where.apply(agents.size());
            agents.add(AgentProcess.start(work, place.get(0), place.get(1)));
        }
    }

    private String file() {
        return folder.resolve("queue.db").toString();
    }

    private Queue queue() {
        return Queue.fromEnv(Map.of(
                "QUEUE_BACKEND", "sqlite", "SQLITE_PATH", file(), "QUEUE_LEASE", LEASE, "QUEUE_MAX_ATTEMPTS", "100"));
    }

    private List<String> acked() {
        return agents.stream().flatMap(agent -> agent.all("ACKED ").stream()).toList();
    }

    private static GroupStats stats(Queue queue) {
        return Await.result(queue.group("default").stats());
    }
}
