package dev.slackline.mcp.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.ResourceUpdates;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.access.RefusedException;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Queue;
import dev.slackline.queue.config.Settings;
import dev.slackline.queue.testkit.Await;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Arguments that no schema permits, in case nobody has looked before. */
class HostileArgumentsTest {

    private static final int CALLS = 2_000;
    private static final long SEED = 20261123;

    private static final List<Object> VALUES = List.of(
            "",
            " ",
            "default",
            "../default",
            "other\u0000group",
            "*".repeat(255),
            "x".repeat(100_000),
            "'; DROP TABLE delivery; --",
            "\ud800",
            -1,
            0,
            1.5,
            Long.MAX_VALUE,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            BigInteger.TEN.pow(400),
            true,
            List.of(),
            List.of(1, 2),
            List.of(List.of("a")),
            List.of(""),
            Collections.nCopies(10_000, "C1"),
            Map.of("toString", "x"));

    @Test
    @Timeout(120)
    void everyCallIsAnsweredAndNothingIsTakenOrLost() {
        try (Queue queue = Queue.fromEnv(Map.of("QUEUE_BACKEND", "memory"));
                Inbox inbox = Inbox.open(
                        queue,
                        InboxSettings.from(Settings.parse(Map.of("MCP_INBOX_MAX_WAIT", "1s"), InboxSettings.ALL)),
                        new ResourceUpdates())) {
            Random random = new Random(SEED);
            List<Tool> tools = inbox.catalog().tools();
            Agent agent = new Agent(inbox.catalog(), "mallory");
            List<Map<String, Object>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                Tool tool = tools.get(random.nextInt(tools.size()));
                Map<String, Object> arguments = arguments(tool, random);
                if (waits(arguments) && tool.input().toString().contains("wait_seconds")) {
                    continue; // a good call, which waits
                }
                ToolResult result = agent.call(tool.name(), arguments);
                assertThat(Agent.text(result))
                        .as("seed %s, call %s of %s", SEED, i, tool.name())
                        .isNotEmpty();
                calls.add(arguments);
            }

            assertThat(calls).hasSizeGreaterThan(CALLS / 4);
            queue.publish(Mentions.of("C1", "U1", "hello")).join();
            assertThat(agent.claim(Map.of("wait_seconds", 1))).hasSizeLessThanOrEqualTo(1);
            GroupStats stats = Await.result(queue.group("default").stats());
            assertThat(stats.waiting()).isEqualTo(1);
            assertThat(stats.dead()).isZero();
        }
    }

    @Test
    void theErrorsSayWhatIsAllowed() {
        try (Queue queue = Queue.fromEnv(Map.of("QUEUE_BACKEND", "memory"));
                Inbox inbox = Inbox.open(queue, InboxSettings.defaults(), new ResourceUpdates())) {
            Agent agent = new Agent(inbox.catalog(), "mallory");

            assertThat(agent.refused("events_wait", Map.of("group", "secret"))).contains("use one of: default");
            assertThat(agent.refused("events_claim", Map.of("max", 51))).contains("from 1 to 50");
            assertThat(agent.refused("events_claim", Map.of("lease_seconds", 901)))
                    .contains("from 1 to 900");
            assertThat(agent.refused("events_wait", Map.of("wait_seconds", 61))).contains("from 0 to 60");
            assertThat(agent.refused("events_ack", Map.of())).contains("claims is missing");
            assertThat(agent.refused("events_dead_letter", Map.of("claims", List.of("x"))))
                    .contains("reason is missing");
            assertThat(agent.refused("dead_letters_replay", Map.of())).contains("either ids", "or all");
        }
    }

    private static Map<String, Object> arguments(Tool tool, Random random) {
        Map<String, Object> arguments = new HashMap<>();
        if (tool.input().get("properties") instanceof Map<?, ?> properties) {
            for (Object name : properties.keySet()) {
                if (random.nextInt(3) > 0) {
                    arguments.put(String.valueOf(name), VALUES.get(random.nextInt(VALUES.size())));
                }
            }
        }
        arguments.put("surprise", VALUES.get(random.nextInt(VALUES.size())));
        return arguments;
    }

    /** Whether nothing is wrong with it, as far as the tools that wait are concerned. */
    private static boolean waits(Map<String, Object> arguments) {
        try {
            Arguments read = new Arguments(arguments);
            read.group(List.of("default"));
            read.filter(Inbox.EVERYTHING);
            read.seconds("wait_seconds", Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1));
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }
}
