package dev.slackline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.slack.simulator.ChannelMessage;
import dev.slackline.slack.simulator.SimulatedUser;
import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.state.Posted;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent before a person of a simulated Slack, over HTTP. */
class MentionAgentTest {

    private static final Duration BOUND = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void overHttpItClaimsAMentionAndAnswersInItsThread() {
        try (SlackSimulator slack = SlackSimulator.start();
                AgentServer server = new AgentServer(env(slack, folder))) {
            slack.deliverTo(server.events());
            SimulatedUser ada = slack.user("ada");
            Posted mention = ada.says("#general", slack.mention() + " are you there?");
            try (MentionAgent agent =
                    new MentionAgent(MentionAgent.http(server.mcp()), thread -> "Yes: " + String.join(" ", thread))) {
                Until.holds(agent::work);
            }

            ChannelMessage reply = slack.awaitBotMessage("#general", message -> true, BOUND);
            assertThat(reply.text()).startsWith("Yes: ").contains("are you there?");
            assertThat(reply.threadTs()).isEqualTo(mention.ts());
        }
    }

    static Map<String, String> env(SlackSimulator slack, Path folder) {
        return Map.of(
                "SQLITE_PATH", folder.resolve("queue.db").toString(),
                "SLACKLINE_HOME", folder.toString(),
                "QUEUE_GROUPS", "agents",
                "MCP_INBOX_GROUPS", "agents",
                "MCP_INBOX_KEYS", "event.app_mention",
                "SLACK_API_URL", slack.apiUrl().toString(),
                "SLACK_BOT_TOKEN", slack.botToken(),
                "SLACK_SIGNING_SECRET", slack.signingSecret());
    }
}
