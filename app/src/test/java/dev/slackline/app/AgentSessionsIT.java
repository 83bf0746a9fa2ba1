package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.slack.simulator.ChannelMessage;
import dev.slackline.slack.simulator.SimulatedUser;
import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.state.Posted;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/agent/run} as people start it, beside a real {@code serve} and before a person of a simulated Slack. */
class AgentSessionsIT {

    private static final Path RUN = Path.of("..", "examples", "agent", "run").toAbsolutePath();
    private static final Duration BOUND = Duration.ofMinutes(2);

    private final SlackSimulator slack = SlackSimulator.builder().speed(6).start();
    private final SimulatedUser ada = slack.user("ada");
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    private Path folder;

    private SlacklineProcess serve;

    @BeforeEach
    void serve() throws IOException {
        environment.putAll(Map.of(
                "SQLITE_PATH", folder.resolve("queue.db").toString(),
                "SLACKLINE_HOME", folder.toString(),
                "SLACK_API_URL", slack.apiUrl().toString(),
                "SLACK_BOT_TOKEN", slack.botToken(),
                "SLACK_SIGNING_SECRET", slack.signingSecret(),
                "QUEUE_GROUPS", "agents",
                "MCP_WRITE", "on",
                "MCP_INBOX_GROUPS", "agents",
                "MCP_INBOX_KEYS", "event.app_mention"));
        serve = SlacklineProcess.serve(folder, environment);
        slack.deliverTo(URI.create("http://127.0.0.1:" + serve.port() + "/slack/events"));
    }

    @AfterEach
    void close() {
        serve.close();
        slack.close();
    }

    @Test
    void overHttpAMentionIsAnsweredInItsThreadAndAcknowledged() throws Exception {
        answersAndLeavesNothing("http://127.0.0.1:" + serve.port() + "/mcp");
    }

    @Test
    void overStdioAMentionIsAnsweredInItsThreadAndAcknowledged() throws Exception {
        List<String> command = new ArrayList<>(SlacklineProcess.commandLine());
        command.add("mcp");
        answersAndLeavesNothing(command.toArray(String[]::new));
    }

    private void answersAndLeavesNothing(String... server) throws Exception {
        Path log = folder.resolve("agent.log");
        Process agent = start(log, server);
        List<ProcessHandle> itsServers;
        try {
            SlacklineProcess.await(
                    "the agent is ready", () -> read(log).contains("waiting for somebody") || !agent.isAlive());
            itsServers = agent.descendants().toList();
            Posted question = ada.says("#general", "Is the lift broken again?");
            ada.says("#general", slack.mention() + " do you know?", question.ts());

            ChannelMessage reply = slack.awaitBotMessage("#general", message -> true, BOUND);
            assertThat(reply.threadTs()).isEqualTo(question.ts());
            assertThat(reply.text()).contains("read the thread, 2 long");
            SlacklineProcess.await(
                    "it has acknowledged: " + read(log), () -> read(log).contains("answered event="));
            InProcess slackline = new InProcess(folder).with("QUEUE_GROUPS", "agents");
            SlacklineProcess.await(
                    "nothing is left of it",
                    () -> slackline
                            .run("groups", "--json")
                            .out()
                            .matches("(?s).*\"agents\",\"ready\":0,\"inFlight\":0,\"delayed\":0,\"dead\":0.*"));
        } catch (IllegalStateException e) {
            throw new AssertionError("the agent said: " + read(log) + " and the server: " + serve.err(), e);
        } finally {
            agent.destroy();
        }
        agent.onExit().join();
        itsServers.forEach(process -> process.onExit().join());
        assertThat(slack.messages("#general"))
                .filteredOn(ChannelMessage::isFromBot)
                .hasSize(1);
    }

    private Process start(Path log, String... server) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", RUN.toString()));
        command.addAll(List.of(server));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "";
        }
    }
}
