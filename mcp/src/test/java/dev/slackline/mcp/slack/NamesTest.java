package dev.slackline.mcp.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.access.Policy;
import dev.slackline.queue.testkit.Await;
import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Workspace;
import dev.slackline.slack.simulator.web.ApiFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of channels and people: read in the background, kept over restarts. */
class NamesTest {

    private final SlackSimulator slack = SlackSimulator.start();

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        slack.close();
    }

    @Test
    void aNameOnALatePageIsWaitedFor() {
        people(2_500);

        try (Agent agent = agent()) {
            agent.calls("slack_post_message", "channel", "@person2499", "text", "hi");
        }

        assertThat(slack.calls("users.list")).hasSizeGreaterThanOrEqualTo(3);
        assertThat(slack.messages("@person2499").get(0).text()).isEqualTo("hi");
    }

    @Test
    void theNextProcessReadsNothingAgain() throws IOException {
        try (Agent agent = agent()) {
            agent.calls("slack_user_profile", "user", "@ada");
            Path file = folder.resolve("names.json");
            Await.until("all names are kept", () -> contains(file, "ada") && !contains(file, "\"readAt\":0"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        int read = slack.calls("users.list").size()
                + slack.calls("conversations.list").size();

        try (Agent agent = agent()) {
            agent.calls("slack_user_profile", "user", "@ada");
            agent.calls("slack_channel_history", "channel", "#general");
        }

        assertThat(slack.calls("users.list").size()
                        + slack.calls("conversations.list").size())
                .isEqualTo(read);
    }

    @Test
    void namesOfAnotherWorkspaceAreNotTaken() throws IOException {
        Files.writeString(folder.resolve("names.json"), """
                {"version":1,"team":"T9999999","channelsAt":{"cursor":"","readAt":9999999999999},
                "peopleAt":{"cursor":"","readAt":9999999999999},
                "channels":[{"id":"C0EVIL000","name":"general","archived":false}],"people":[]}""");

        try (Agent agent = agent()) {
            agent.calls("slack_post_message", "channel", "#general", "text", "hi");
        }

        assertThat(slack.messages("#general")).hasSize(1);
    }

    @Test
    void aFileThatIsBrokenIsNoHindrance() throws IOException {
        Files.writeString(folder.resolve("names.json"), "{\"version\":");

        try (Agent agent = agent()) {
            agent.calls("slack_post_message", "channel", "#general", "text", "hi");
        }

        assertThat(slack.messages("#general")).hasSize(1);
    }

    @Test
    void aChannelThatIsNewIsFoundWithoutARestart() {
        try (Agent agent = agent()) {
            String made = agent.calls("slack_create_channel", "name", "brand-new")
                    .path("channel")
                    .asString();
            assertThat(agent.calls("slack_channel_info", "channel", "#brand-new")
                            .path("channel")
                            .asString())
                    .isEqualTo(made);
        }
    }

    @Test
    void nobodyPassesForAnother() {
        Workspace workspace = slack.workspace();
        synchronized (workspace) {
            workspace.addUser("mallory").profile().put("display_name", "ada");
            workspace.addUser("eve").profile().put("display_name", "The Boss");
            workspace.addUser("ivan").profile().put("display_name", "The Boss");
        }

        try (Agent agent = agent()) {
            assertThat(agent.calls("slack_user_profile", "user", "@ada")
                            .at("/profile/name")
                            .asString())
                    .isEqualTo("ada");
            assertThat(agent.fails("slack_user_profile", "user", "@The Boss")).contains("Give the id");
        }
    }

    @Test
    void aScopeThatIsMissingIsNamed() {
        SlackSimulator poor = SlackSimulator.builder()
                .scopes("chat:write", "channels:history")
                .start();
        try (poor;
                Agent agent = new Agent(poor, folder, Policy.EVERYTHING)) {
            assertThat(agent.fails("slack_channel_history", "channel", "#general"))
                    .contains("missing_scope");
            assertThat(agent.fails(
                            "slack_add_reaction", "channel", id(poor), "ts", "1700000000.000100", "name", "eyes"))
                    .contains("reactions:write", "OAuth & Permissions");
        }
    }

    @Test
    void anAgentIsToldWhenSlackTakesMore() {
        try (Agent agent = new Agent(slack, Agent.settings(folder), Policy.EVERYTHING, Duration.ofMillis(100))) {
            slack.apiFaults().next("team.info", 1, ApiFault.rateLimited(Duration.ofMinutes(2)));

            assertThat(agent.fails("slack_team_info")).contains("ratelimited", "120 s");
        }
    }

    @Test
    void whatIsUnclearIsNotSaidToHaveFailed() {
        try (Agent agent = agent()) {
            slack.apiFaults().next("chat.postMessage", 1, ApiFault.serverErrorAfterwards());

            assertThat(agent.fails("slack_post_message", "channel", id(slack), "text", "x"))
                    .contains("look before");
        }
    }

    private Agent agent() {
        return new Agent(slack, folder, Policy.EVERYTHING);
    }

    private static String id(SlackSimulator of) {
        return of.workspace().channel("general").map(Channel::id).orElseThrow();
    }

    private void people(int number) {
        Workspace workspace = slack.workspace();
        for (int i = 0; i < number; i++) {
            workspace.addUser("person" + i);
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.exists(file)
                    && Files.readString(file, StandardCharsets.UTF_8).contains(text);
        } catch (IOException e) {
            return false;
        }
    }
}
