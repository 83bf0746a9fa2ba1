package dev.slackline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.slack.bot.Bot;
import dev.slackline.slack.handler.SlackHandlers;
import dev.slackline.slack.simulator.ChannelMessage;
import dev.slackline.slack.simulator.SimulatedUser;
import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.state.Posted;
import dev.slackline.slack.simulator.state.View;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each bot as it stands, on the durable queue and over Socket Mode, with a person of a simulated Slack before it. */
class ExamplesTest {

    private static final Duration BOUND = Duration.ofSeconds(20);

    private final SlackSimulator slack = SlackSimulator.start();
    private final SimulatedUser ada = slack.user("ada");

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        slack.close();
    }

    @Test
    void theMentionBotReactsAndAnswersInAThread() {
        try (Bot bot = start(MentionBot.handlers())) {
            Posted mention = ada.says("#general", slack.mention() + " are you there?");

            ChannelMessage reply = slack.awaitBotMessage("#general", message -> true, BOUND);
            assertThat(reply.text()).startsWith("Hello <@" + ada.id() + ">");
            assertThat(reply.threadTs()).isEqualTo(mention.ts());
            assertThat(slack.awaitCall("reactions.add", call -> true, BOUND).argument("name"))
                    .isEqualTo("eyes");
        }
        assertThat(slack.messages("#general"))
                .filteredOn(ChannelMessage::isFromBot)
                .hasSize(1);
    }

    @Test
    void theTicketBotRefusesAFormWithinTheFormAndWorksOnASoundOne() {
        try (Bot bot = start(TicketBot.handlers())) {
            ada.command("/ticket", "", "#general");
            View form = ada.awaitModal(BOUND);

            assertThat(answerTo(ada.types(form, "assignee", "gra")))
                    .contains("Grace")
                    .doesNotContain("Linus");
            assertThat(answerTo(ada.submits(form, Map.of("title", "broken", "assignee", "Grace"))))
                    .contains("errors")
                    .contains("10 characters");
            assertThat(ada.views()).hasSize(1);

            ada.submits(form, Map.of("title", "The lift does not stop", "assignee", "Grace"))
                    .awaitAcknowledged(BOUND);
            assertThat(slack.awaitBotMessage("#general", message -> true, BOUND).text())
                    .isEqualTo("New ticket of <@" + ada.id() + "> for Grace: The lift does not stop");
            assertThat(ada.views()).isEmpty();
        }
        assertThat(slack.messages("#general"))
                .filteredOn(ChannelMessage::isFromBot)
                .hasSize(1);
    }

    @Test
    void overHttpAnswersAreInTheResponse() {
        try (SlackSimulator http = SlackSimulator.start();
                Bot bot = Bot.start(
                        Map.of(
                                "SQLITE_PATH", folder.resolve("queue.db").toString(),
                                "SLACK_API_URL", http.apiUrl().toString(),
                                "SLACK_SIGNING_SECRET", http.signingSecret(),
                                "HTTP_PORT", "0",
                                "SLACK_BOT_TOKEN", http.botToken()),
                        "bots",
                        TicketBot.handlers())) {
            http.deliverTo(URI.create("http://127.0.0.1:" + bot.port().orElseThrow() + "/slack/events"));
            SimulatedUser grace = http.user("grace");
            grace.command("/ticket", "", "#general");
            View form = grace.awaitModal(BOUND);

            assertThat(answerTo(grace.submits(form, Map.of("title", "broken", "assignee", "Ada"))))
                    .contains("10 characters");
            grace.submits(form, Map.of("title", "The lift does not stop", "assignee", "Ada"));
            assertThat(http.awaitBotMessage("#general", message -> true, BOUND).text())
                    .contains("for Ada: The lift does not stop");
        }
    }

    @Test
    void theReportBotAnswersAtOnceAndShowsItsProgressInAThread() {
        try (Bot bot = start(ReportBot.handlers(Duration.ofMillis(20)))) {
            assertThat(answerTo(ada.command("/report", "", "#general"))).contains("I am at it.");

            ChannelMessage done =
                    slack.awaitBotMessage("#general", message -> message.text().startsWith("Done"), BOUND);
            assertThat(slack.messages("#general"))
                    .filteredOn(message -> message.ts().equals(done.threadTs()))
                    .singleElement()
                    .satisfies(
                            report -> assertThat(report.text()).isEqualTo("A report for <@" + ada.id() + ">: 3 of 3"));
            assertThat(slack.messages("#general"))
                    .filteredOn(message -> Objects.equals(message.threadTs(), done.threadTs()))
                    .extracting(ChannelMessage::text)
                    .containsSubsequence("collecting …", "counting …", "drawing …", done.text());
        }
    }

    private static String answerTo(Occurrence occurrence) {
        return occurrence.awaitAcknowledged(BOUND).answer().toString();
    }

    private Bot start(SlackHandlers handlers) {
        Bot bot = Bot.start(
                Map.of(
                        "SQLITE_PATH", folder.resolve("queue.db").toString(),
                        "SLACK_API_URL", slack.apiUrl().toString(),
                        "SLACK_APP_TOKEN", slack.appToken(),
                        "SLACK_BOT_TOKEN", slack.botToken()),
                "bots",
                handlers);
        Until.holds(() -> slack.socketMode().connections() > 0);
        return bot;
    }
}
