package dev.slackline.mcp.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.Peer;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.access.Policy;
import dev.slackline.queue.testkit.Await;
import dev.slackline.slack.simulator.SlackSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent has given up is not done behind its back. */
class LateCallsTest {

    private static final String POST = "chat.postMessage";

    @TempDir
    private Path folder;

    @Test
    void aPostThatItsAgentNoLongerWaitsForIsNeverMade() {
        try (SlackSimulator slack = SlackSimulator.start();
                Agent agent = new Agent(
                        slack,
                        Agent.settings(folder),
                        Policy.EVERYTHING,
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(3))) {
            String channel = slack.addChannel("busy").id();
            List<String> told = IntStream.range(0, 20) // one a second is what Slack takes
                    .mapToObj(i -> post(agent, channel, i))
                    .toList()
                    .stream()
                    .map(Agent::now)
                    .map(result -> result.isError() ? Agent.text(result) : "")
                    .toList();
            long done = told.stream().filter(String::isEmpty).count();
            long unclear = told.stream()
                    .filter(text -> text.contains("may still do it"))
                    .count();

            assertThat(told)
                    .anyMatch(text -> !text.isEmpty())
                    .allMatch(text -> text.isEmpty()
                            || (text.contains("ratelimited") && text.contains("This was not done"))
                            || text.contains("may still do it"));
            Await.holds(
                    "nothing more is sent",
                    Duration.ofSeconds(3),
                    () -> slack.calls(POST).size() <= done + unclear);
            assertThat(slack.calls(POST).size()).isBetween((int) done, (int) (done + unclear));
        }
    }

    @Test
    void aCallThatWasAdmittedTooLateIsNotMade() {
        try (SlackSimulator slack = SlackSimulator.start();
                Agent agent = new Agent(slack, folder, Policy.EVERYTHING)) {
            String channel = slack.addChannel("busy").id();
            long longAgo = System.nanoTime() - Duration.ofSeconds(49).toNanos();
            ToolResult result = Agent.now(tool(agent)
                    .action()
                    .call(new ToolCall(Map.of("channel", channel, "text", "late"), Caller.LOCAL, Peer.NONE, longAgo)));

            assertThat(result.isError()).isTrue();
            assertThat(slack.calls(POST)).isEmpty();
        }
    }

    private static CompletableFuture<ToolResult> post(Agent agent, String channel, int number) {
        return tool(agent)
                .action()
                .call(new ToolCall(Map.of("channel", channel, "text", "message " + number), Caller.LOCAL))
                .toCompletableFuture();
    }

    private static Tool tool(Agent agent) {
        return agent.catalog().tools().stream()
                .filter(tool -> tool.name().equals("slack_post_message"))
                .findFirst()
                .orElseThrow();
    }
}
