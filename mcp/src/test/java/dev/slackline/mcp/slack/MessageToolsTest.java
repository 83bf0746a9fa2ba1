package dev.slackline.mcp.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.access.Policy;
import dev.slackline.slack.simulator.SlackSimulator;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Writing and reading messages. */
class MessageToolsTest {

    private final SlackSimulator slack = SlackSimulator.start();
    private Agent agent;

    @BeforeEach
    void start(@TempDir Path folder) {
        agent = new Agent(slack, folder, Policy.EVERYTHING);
    }

    @AfterEach
    void end() {
        agent.close();
        slack.close();
    }

    @Test
    void aPostedMessageIsReadWithItsThread() {
        JsonNode posted = agent.calls("slack_post_message", "channel", "#general", "text", "hello");
        JsonNode reply =
                agent.calls("slack_reply", "channel", "#general", "thread_ts", text(posted, "ts"), "text", "and more");

        JsonNode history = agent.calls("slack_channel_history", "channel", "#general");
        JsonNode thread =
                agent.calls("slack_thread", "channel", text(posted, "channel"), "thread_ts", text(posted, "ts"));

        assertThat(history.path("messages")).singleElement().satisfies(message -> {
            assertThat(text(message, "text")).isEqualTo("hello");
            assertThat(message.path("reply_count").asInt()).isEqualTo(1);
            assertThat(text(message, "user_name")).isEqualTo("slackline");
        });
        assertThat(Agent.texts(thread.path("messages"), "ts")).containsExactly(text(posted, "ts"), text(reply, "ts"));
        assertThat(slack.calls("chat.postMessage")
                        .get(0)
                        .arguments()
                        .path("unfurl_links")
                        .asString(""))
                .isEqualTo("false");
    }

    @Test
    void aMessageIsChangedLinkedAndDeleted() {
        String ts = text(agent.calls("slack_post_message", "channel", "#general", "text", "one"), "ts");

        agent.calls("slack_update_message", "channel", "#general", "ts", ts, "text", "two");
        assertThat(slack.messages("#general").get(0).text()).isEqualTo("two");
        assertThat(agent.calls("slack_get_permalink", "channel", "#general", "ts", ts)
                        .path("permalink")
                        .asString())
                .contains("/archives/");
        agent.calls("slack_delete_message", "channel", "#general", "ts", ts);

        assertThat(slack.messages("#general")).isEmpty();
        assertThat(agent.fails("slack_delete_message", "channel", "#general", "ts", ts))
                .contains("slack_channel_history");
    }

    @Test
    void onePersonIsWrittenToByName() {
        agent.calls("slack_post_message", "channel", "@ada", "text", "psst");
        agent.calls("slack_post_ephemeral", "channel", "#general", "user", "@grace", "text", "only you");

        assertThat(slack.messages("@ada").get(0).text()).isEqualTo("psst");
        assertThat(slack.messages("#general").get(0).visibleTo())
                .isEqualTo(slack.user("grace").id());
    }

    @Test
    void aScheduledMessageIsListedAndTakenBack() {
        JsonNode scheduled =
                agent.calls("slack_schedule_message", "channel", "#general", "text", "later", "post_at", "2h");
        String id = text(scheduled, "scheduled_message_id");

        assertThat(agent.calls("slack_list_scheduled_messages").toString()).contains(id);
        agent.calls("slack_delete_scheduled_message", "channel", "#general", "scheduled_message_id", id);

        assertThat(agent.calls("slack_list_scheduled_messages").path("scheduled_messages"))
                .isEmpty();
    }

    @Test
    void longHistoriesComeInPages() {
        for (int i = 0; i < 5; i++) {
            slack.user("ada").says("#general", "message " + i);
        }

        JsonNode first = agent.calls("slack_channel_history", "channel", "#general", "limit", 3);
        JsonNode second = agent.calls(
                "slack_channel_history", "channel", "#general", "limit", 3, "cursor", text(first, "next_cursor"));

        assertThat(first.path("messages")).hasSize(3);
        assertThat(Agent.texts(second.path("messages"), "text")).containsExactly("message 1", "message 0");
        assertThat(second.has("next_cursor")).isFalse();
    }

    @Test
    void aLongTextIsCutUnlessAllIsAskedFor() {
        slack.user("ada").says("#general", "x".repeat(5_000));

        String brief = first(agent.calls("slack_channel_history", "channel", "#general"));
        String whole =
                first(agent.calls("slack_channel_history", "channel", "#general", "response_format", "detailed"));

        assertThat(brief).hasSizeLessThan(2_000).contains("3500 more characters");
        assertThat(whole).hasSize(5_000);
    }

    @Test
    void anAgentThatIsNotInTheChannelIsToldToJoin() {
        assertThat(agent.fails("slack_channel_history", "channel", "#random")).contains("slack_join_channel");
        agent.calls("slack_join_channel", "channel", "#random");

        assertThat(agent.calls("slack_channel_history", "channel", "#random").path("messages"))
                .isEmpty();
    }

    private static String first(JsonNode history) {
        return history.at("/messages/0/text").asString();
    }

    private static String text(JsonNode object, String name) {
        return object.path(name).asString();
    }
}
