package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.app.brokers.TestBroker;
import dev.slackline.mcp.ResourceUpdates;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.inbox.Inbox;
import dev.slackline.mcp.inbox.InboxSettings;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.testkit.Await;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Agents that take events as work. */
abstract class BrokerInboxes extends OnTopic {

    private static final Duration BOUND = Duration.ofMinutes(2);

    BrokerInboxes(TestBroker broker) {
        super(broker);
    }

    @Test
    void whatAgentsSettleStaysSettled() throws Exception {
        withInbox(Map.of("QUEUE_MAX_ATTEMPTS", "2"), (queue, inbox) -> {
            InboxAgent ada = new InboxAgent(inbox.catalog(), "ada");
            String id = publish(queue, "hello");

            assertThat(ada.does("events_wait", Map.of("wait_seconds", 60))
                            .path("available")
                            .asInt())
                    .isEqualTo(1);
            JsonNode first = ada.claims();
            assertThat(ada.settles("events_extend", first, Map.of("lease_seconds", 90)))
                    .isEqualTo("extended");
            assertThat(ada.settles("events_retry", first, Map.of("delay_seconds", 1)))
                    .isEqualTo("retried");
            JsonNode second = ada.claims();
            assertThat(second.path("attempt").asInt()).isEqualTo(2);
            assertThat(ada.settles("events_retry", second, Map.of())).isEqualTo("dead_lettered");

            JsonNode dead = ada.does("dead_letters_list", Map.of()).at("/dead_letters/0");
            assertThat(dead.path("id").asString()).isEqualTo(id);
            assertThat(count(ada, "dead")).isEqualTo(1);
            assertThat(ada.does("dead_letters_replay", Map.of("ids", List.of(id)))
                            .path("replayed")
                            .asInt())
                    .isEqualTo(1);

            JsonNode again = ada.claims();
            assertThat(again.path("id").asString()).isEqualTo(id);
            assertThat(again.path("attempt").asInt()).isEqualTo(1);
            assertThat(count(ada, "claimed")).isEqualTo(1);
            assertThat(ada.settles("events_ack", again, Map.of())).isEqualTo("acked");
            assertThat(ada.settles("events_ack", again, Map.of())).isEqualTo("already_settled");
            Await.until(
                    "nothing is left", () -> count(ada, "in_flight") + count(ada, "ready") + count(ada, "dead") == 0);
        });
    }

    @Test
    void aLeaseThatRunsOutGivesTheEventToTheNextAndNoLateAckTakesItFromThem() throws Exception {
        withInbox(Map.of(), (queue, inbox) -> {
            InboxAgent ada = new InboxAgent(inbox.catalog(), "ada");
            InboxAgent grace = new InboxAgent(inbox.catalog(), "grace");
            String id = publish(queue, "hello");

            JsonNode lost = ada.claims(Map.of("lease_seconds", 1));
            JsonNode hers = grace.claims();

            assertThat(hers.path("id").asString()).isEqualTo(id);
            assertThat(hers.path("attempt").asInt()).isEqualTo(2);
            ToolResult late = ada.calls("events_ack", claims(lost));
            assertThat(late.isError()).isTrue();
            assertThat(late.content().toString()).contains("the lease ran out");
            assertThat(grace.settles("events_ack", hers, Map.of())).isEqualTo("acked");
        });
    }

    @Test
    void whatAKilledProcessHeldComesToAnother() throws Exception {
        Map<String, String> settings = Map.of("QUEUE_LEASE", "4s");
        withInbox(settings, (queue, inbox) -> {
            String id = publish(queue, "hello");
            Path pid = folder.resolve("pid");
            Map<String, String> environment = new HashMap<>(environment());
            environment.putAll(settings);
            try (McpSyncClient doomed = McpIT.client(McpIT.stdio(pid, environment))) {
                doomed.initialize();
                McpSchema.CallToolResult claimed = doomed.callTool(McpSchema.CallToolRequest.builder("events_claim")
                        .arguments(Map.of("wait_seconds", 60))
                        .build());
                assertThat(claimed.content().toString()).contains(id);
                SlacklineProcess.killNine(pid);

                InboxAgent ada = new InboxAgent(inbox.catalog(), "ada");
                Await.until(() -> "she is in time", BOUND, () -> {
                    JsonNode hers = ada.claims();
                    assertThat(hers.path("id").asString()).isEqualTo(id);
                    return tells(ada, "acked", hers);
                });
            }
        });
    }

    @Test
    void anOutageIsToldAndLosesNothing() throws Exception {
        withInbox(Map.of(), (queue, inbox) -> {
            InboxAgent ada = new InboxAgent(inbox.catalog(), "ada");
            publish(queue, "before");
            JsonNode before = ada.claims();

            broker.control().kill9();
            Map<String, Object> soon = Map.of("wait_seconds", 1);
            Await.until("it is told", () -> isAway(ada.calls("events_claim", soon)));
            broker.control().start();

            String after = publish(queue, "after");
            Await.until("the broker tells what came of it", () -> !tells(ada, "uncertain", before));
            JsonNode next = ada.claims();
            if (next.path("id").equals(before.path("id"))) {
                assertThat(ada.settles("events_ack", next, Map.of())).isEqualTo("acked");
                next = ada.claims();
            }
            assertThat(next.path("id").asString()).isEqualTo(after);
            assertThat(ada.settles("events_ack", next, Map.of())).isEqualTo("acked");
        });
    }

    @FunctionalInterface
    interface Use {
        void of(Queue queue, Inbox inbox) throws Exception;
    }

    private void withInbox(Map<String, String> settings, Use use) throws Exception {
        Map<String, String> environment = new HashMap<>(environment());
        environment.putAll(settings);
        try (Queue queue = Queue.fromEnv(environment);
                Inbox inbox = Inbox.open(queue, InboxSettings.defaults(), new ResourceUpdates())) {
            Await.result(queue.group("default").declare());
            use.of(queue, inbox);
        }
    }

    private static String publish(Queue queue, String text) {
        Map<String, Object> event = Map.of("type", "app_mention", "channel", "C1", "user", "U1", "text", text);
        Payload payload = Payload.of(Map.of("team_id", "T1", "event", event));
        return queue.publish(Message.of("event.app_mention", payload).withOrderingKey("T1/C1"))
                .join()
                .id();
    }

    private static Map<String, Object> claims(JsonNode event) {
        return Map.of("claims", List.of(event.path("claim").asString()));
    }

    /** Acknowledges what was claimed; whether this came of it. */
    private static boolean tells(InboxAgent agent, String outcome, JsonNode event) {
        return agent.calls("events_ack", claims(event)).content().toString().contains(outcome);
    }

    private static boolean isAway(ToolResult result) {
        return result.isError() && result.content().toString().contains("The queue cannot be reached");
    }

    private static int count(InboxAgent agent, String what) {
        return agent.does("events_stats", Map.of()).at("/groups/0/" + what).asInt();
    }
}
