package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.app.InProcess.Result;
import dev.slackline.slack.simulator.ChannelMessage;
import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.web.ApiFault;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code slackline send} against a simulated Slack. */
class SendTest {

    private static final String ID = "[0-9a-f-]{36}";

    private final SlackSimulator slack = SlackSimulator.start();

    @TempDir
    private Path folder = Path.of("");

    private InProcess slackline = new InProcess(folder);
    private String general = "";

    @BeforeEach
    void open() {
        general = slack.workspace().channel("general").orElseThrow().id();
        slackline = new InProcess(folder)
                .with("SLACK_API_URL", slack.apiUrl().toString())
                .with("SLACK_BOT_TOKEN", slack.botToken())
                .with("SLACK_OUTBOX_SETTLE", "50ms");
    }

    @AfterEach
    void close() {
        slack.close();
    }

    @Test
    void aMessageIsPostedAndItsIdAndTimeStampArePrinted() {
        Result sent = slackline.run("send", general, "Hello, all!");

        assertThat(sent.err()).isEmpty();
        assertThat(sent.exitCode()).isZero();
        List<ChannelMessage> messages = slack.messages("general");
        assertThat(messages).hasSize(1);
        assertThat(messages.get(0).text()).isEqualTo("Hello, all!");
        assertThat(sent.lines()).hasSize(2);
        assertThat(sent.lines().get(0)).matches(ID);
        assertThat(sent.lines().get(1)).isEqualTo(messages.get(0).ts());
    }

    @Test
    void aChannelMayBeNamedAndAThreadAnswered() {
        String first = slackline.run("send", "#general", "Question").lines().get(1);

        Result answer = slackline.run("send", "#general", "Answer", "--thread", first);

        assertThat(answer.exitCode()).as(answer.err()).isZero();
        assertThat(slack.messages("general").get(1).threadTs()).isEqualTo(first);
    }

    @Test
    void aPostWhoseAnswerWasLostIsNotMadeTwice() {
        slack.apiFaults().next("chat.postMessage", 1, ApiFault.cutAfterwards());

        Result sent = slackline.run("send", general, "once");

        assertThat(sent.exitCode()).as(sent.err()).isZero();
        assertThat(slack.messages("general")).hasSize(1);
        assertThat(sent.lines().get(1))
                .isEqualTo(slack.messages("general").get(0).ts());
    }

    @Test
    void whatIsNotWaitedForIsPostedByTheNextInOrder() {
        Result first = slackline.run("send", general, "first", "--no-wait");
        assertThat(first.lines()).hasSize(1);
        assertThat(slack.messages("general")).isEmpty();

        slackline.run("send", general, "second");

        assertThat(slack.messages("general")).extracting(ChannelMessage::text).containsExactly("first", "second");
    }

    @Test
    void onePostOfAnIdIsMade() {
        slackline.run("send", general, "once", "--id", "release-7");
        Result again = slackline.run("send", general, "once", "--id", "release-7");

        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.lines())
                .containsExactly("release-7", slack.messages("general").get(0).ts());
        assertThat(slack.messages("general")).hasSize(1);
    }

    @Test
    void whatSlackRefusesIsSaidAndKept() {
        Result refused = slackline.run("send", "C0NOWHERE", "hello");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.lines()).hasSize(1);
        assertThat(refused.err()).contains("channel_not_found; there is no such channel");
        assertThat(slackline.run("send", "#nowhere", "hello").err()).contains("the app sees no channel #nowhere");
        assertThat(slackline
                        .run("send", "general", "hello", "--timeout", "soon")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void theOutboxIsNoneOfTheEventsBusiness() {
        slackline.run("send", general, "hello");

        assertThat(slackline.run("groups").out()).doesNotContain("outbox");
        assertThat(folder.resolve("queue-outbox.db")).exists();
    }
}
