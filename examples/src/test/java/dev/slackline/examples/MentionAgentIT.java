package dev.slackline.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.slack.simulator.ChannelMessage;
import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.state.Posted;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent over stdio, which starts a server of its own on the queue that another process fills. */
class MentionAgentIT {

    private static final Duration BOUND = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void overStdioItAnswersAndWhatItDiesOfComesAgain() {
        try (SlackSimulator slack = SlackSimulator.start()) {
            Map<String, String> env = MentionAgentTest.env(slack, folder);
            try (AgentServer intake = new AgentServer(env)) {
                slack.deliverTo(intake.events());
                Posted mention = slack.user("ada").says("#general", slack.mention() + " are you there?");
                try (MentionAgent fails = start(env, text -> {
                    throw new IllegalStateException("out of ideas");
                })) {
                    assertThatThrownBy(() -> Until.holds(fails::work)).hasMessage("out of ideas");
                }
                try (MentionAgent agent = start(env, text -> "Yes")) {
                    Until.holds(agent::work);
                }

                ChannelMessage reply = slack.awaitBotMessage("#general", message -> true, BOUND);
                assertThat(reply.threadTs()).isEqualTo(mention.ts());
                assertThat(slack.messages("#general"))
                        .filteredOn(ChannelMessage::isFromBot)
                        .hasSize(1);
            }
        }
    }

    private static MentionAgent start(Map<String, String> env, Function<List<String>, String> model) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                AgentPipe.class.getName());
        return new MentionAgent(MentionAgent.stdio(command, env), model);
    }
}
