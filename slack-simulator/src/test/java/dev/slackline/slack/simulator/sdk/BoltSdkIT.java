package dev.slackline.slack.simulator.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.slack.simulator.ChannelMessage;
import dev.slackline.slack.simulator.SimulatedUser;
import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.delivery.Attempt;
import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.socket.Acknowledgement;
import dev.slackline.slack.simulator.state.View;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code @slack/bolt}: one bot, over Socket Mode and over both of its receivers of signed requests. */
class BoltSdkIT {

    private static final Duration BOUND = NodeProgram.BOUND;

    private final SlackSimulator slack = SlackSimulator.start();
    private final SimulatedUser ada = slack.user("ada");

    @AfterEach
    void end() {
        slack.close();
    }

    @Test
    void aBotWorksOverSocketMode() throws Exception {
        try (NodeProgram bot = NodeProgram.start(slack, "bolt.js", "socket")) {
            bot.await("ready");

            theBotDoesItsWork();

            assertThat(slack.socketMode().connectionsEver()).isEqualTo(1);
            assertThat(slack.socketMode().acknowledgements())
                    .hasSameSizeAs(slack.occurrences())
                    .allMatch(Acknowledgement::known);
            assertThat(bot.told())
                    .noneMatch(each -> each.path("what").asString("").equals("error"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "express"})
    void aBotWorksOverSignedRequests(String receiver) throws Exception {
        try (NodeProgram bot = NodeProgram.start(slack, "bolt.js", receiver)) {
            int port = bot.await("ready").path("port").asInt();
            URI url = URI.create("http://127.0.0.1:" + port + "/slack/events");
            assertThat(slack.deliverTo(url).verifyUrl().join()).isTrue();

            theBotDoesItsWork();

            assertThat(slack.occurrences())
                    .allSatisfy(each -> assertThat(each.lastWay()).isEqualTo(url.toString()));
            assertThat(bot.told())
                    .noneMatch(each -> each.path("what").asString("").equals("error"));
        }
    }

    @Test
    void aBotRefusesRequestsWithAnotherSignature() throws Exception {
        try (SlackSimulator stranger = SlackSimulator.builder()
                        .signingSecret("of somebody else")
                        .speed(100_000)
                        .start();
                NodeProgram bot = NodeProgram.start(slack, "bolt.js", "http")) {
            int port = bot.await("ready").path("port").asInt();
            stranger.deliverTo(URI.create("http://127.0.0.1:" + port + "/slack/events"));

            Occurrence forged =
                    stranger.user("ada").says("#general", "hello").occurrences().get(0);

            assertThat(forged.awaitOutcome(BOUND).failure()).isEqualTo("http_error");
        }
    }

    private void theBotDoesItsWork() {
        aMentionIsAnsweredInItsThread();
        aCommandIsAnsweredAtOnce();
        aModalIsCorrectedAndTaken();
        aButtonReplacesItsMessage();
        slack.occurrences()
                .forEach(each -> assertThat(each.awaitAcknowledged(BOUND))
                        .as(each.type())
                        .returns(0, Attempt::number));
    }

    private void aMentionIsAnsweredInItsThread() {
        String ts = ada.says("#general", slack.mention() + " are you there?").ts();

        assertThat(awaitText("Hello <@" + ada.id() + ">").threadTs()).isEqualTo(ts);
    }

    private void aCommandIsAnsweredAtOnce() {
        ada.command("/echo", "one two", "#general");

        assertThat(awaitText("echo one two").visibleTo()).isEqualTo(ada.id());
    }

    private void aModalIsCorrectedAndTaken() {
        ada.command("/deploy", "", "#general").awaitAcknowledged(BOUND);
        View modal = ada.awaitModal(BOUND);

        Attempt offered = ada.types(modal, "service", "shop").awaitAcknowledged(BOUND);
        assertThat(offered.answer().at("/options/0/text/text").asString()).isEqualTo("service shop");

        Attempt refused = ada.submits(modal, Map.of("version", "latest")).awaitAcknowledged(BOUND);
        assertThat(refused.answer().at("/errors/what").asString()).isEqualTo("A version begins with a digit");
        assertThat(ada.views()).containsExactly(modal);

        ada.submits(modal, Map.of("version", "1.4.2", "service", "shop")).awaitAcknowledged(BOUND);
        awaitText("<@" + ada.id() + "> deploys 1.4.2 of shop");
        assertThat(ada.views()).isEmpty();
    }

    private void aButtonReplacesItsMessage() {
        ada.says("#general", "please approve");
        String ts = awaitText("Approve?").ts();

        ada.clicks("#general", ts, "approve").awaitAcknowledged(BOUND);

        assertThat(awaitText("1.4.2 approved by <@" + ada.id() + ">").ts()).isEqualTo(ts);
    }

    private ChannelMessage awaitText(String text) {
        return slack.awaitBotMessage("#general", message -> message.text().equals(text), BOUND);
    }
}
