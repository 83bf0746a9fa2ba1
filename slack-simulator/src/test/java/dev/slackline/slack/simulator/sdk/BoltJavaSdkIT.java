package dev.slackline.slack.simulator.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.slack.api.Slack;
import com.slack.api.bolt.socket_mode.SocketModeApp;
import com.slack.api.methods.MethodsClient;
import com.slack.api.methods.SlackApiException;
import com.slack.api.methods.response.files.FilesUploadV2Response;
import com.slack.api.model.Conversation;
import dev.slackline.slack.simulator.ChannelMessage;
import dev.slackline.slack.simulator.SimulatedUser;
import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.delivery.Attempt;
import dev.slackline.slack.simulator.socket.Acknowledgement;
import dev.slackline.slack.simulator.state.View;
import dev.slackline.slack.simulator.web.ApiFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code com.slack.api:bolt-socket-mode} on the WebSocket client that its documentation names, and the Web API client below it. */
class BoltJavaSdkIT {

    private static final Duration BOUND = NodeProgram.BOUND;

    private final SlackSimulator slack = SlackSimulator.builder().speed(30).start();
    private final SimulatedUser ada = slack.user("ada");

    @AfterEach
    void end() {
        slack.close();
    }

    @Test
    void aBotWorksOverSocketMode() throws Exception {
        SocketModeApp bot = new SocketModeApp(slack.appToken(), JavaBot.app(slack));
        try (AutoCloseable running = bot::close) {
            bot.startAsync();
            assertThat(bot.getClient().verifyConnection()).isTrue();

            aMentionIsAnsweredInItsThread();
            aCommandIsAnsweredAtOnce();
            aModalIsCorrectedAndTaken();
            aButtonReplacesItsMessage();

            slack.occurrences()
                    .forEach(each -> assertThat(each.awaitAcknowledged(BOUND))
                            .as(each.type())
                            .returns(0, Attempt::number));
            assertThat(slack.socketMode().acknowledgements())
                    .hasSameSizeAs(slack.occurrences())
                    .allMatch(Acknowledgement::known);
        }
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

        Attempt refused = ada.submits(modal, Map.of("version", "latest")).awaitAcknowledged(BOUND);
        assertThat(refused.answer().at("/errors/what").asString()).isEqualTo("A version begins with a digit");
        assertThat(ada.views()).containsExactly(modal);

        ada.submits(modal, Map.of("version", "1.4.2")).awaitAcknowledged(BOUND);
        awaitText("<@" + ada.id() + "> deploys 1.4.2");
        assertThat(ada.views()).isEmpty();
    }

    private void aButtonReplacesItsMessage() {
        ada.says("#general", "please approve");
        String ts = slack.awaitBotMessage(
                        "#general", message -> message.json().path("blocks").size() == 1, BOUND)
                .ts();

        ada.clicks("#general", ts, "approve").awaitAcknowledged(BOUND);

        assertThat(awaitText("1.4.2 approved by <@" + ada.id() + ">").ts()).isEqualTo(ts);
    }

    @Test
    void theWebApiIsCalledThroughTheSdk() throws Exception {
        slack.addChannel("deploys");
        MethodsClient methods = JavaBot.sdk(slack).methods(slack.botToken());

        assertThat(methods.authTest(auth -> auth).getUserId())
                .isEqualTo(slack.workspace().bot().id());
        assertThat(channels(methods)).containsExactlyInAnyOrder("general", "random", "deploys");
        assertThat(methods.chatPostMessage(post -> post.channel("nowhere").text("lost"))
                        .getError())
                .isEqualTo("channel_not_found");
        FilesUploadV2Response uploaded = methods.filesUploadV2(upload -> upload.channel(
                        slack.workspace().channel("general").orElseThrow().id())
                .initialComment("the log")
                .filename("one.txt")
                .content("first line\n"));
        assertThat(uploaded.isOk()).isTrue();
        assertThat(uploaded.getFile().getPermalink()).isNotEmpty();
        assertThat(slack.messages("#general"))
                .singleElement()
                .satisfies(message -> assertThat(message.text()).isEqualTo("the log"));
    }

    @Test
    void aLimitIsToldWithItsEnd() {
        slack.apiFaults().next("chat.postMessage", 1, ApiFault.rateLimited(Duration.ofSeconds(7)));
        Slack sdk = JavaBot.sdk(slack);

        assertThatThrownBy(() -> sdk.methods(slack.botToken())
                        .chatPostMessage(post -> post.channel("#general").text("early")))
                .isInstanceOfSatisfying(
                        SlackApiException.class,
                        limited -> assertThat(limited.getResponse())
                                .returns(429, okhttp3.Response::code)
                                .returns("7", response -> response.header("Retry-After")));
    }

    private static List<String> channels(MethodsClient methods) throws Exception {
        List<String> names = new ArrayList<>();
        String cursor = "";
        do {
            String from = cursor;
            var page = methods.conversationsList(list -> list.limit(2).cursor(from));
            page.getChannels().stream().map(Conversation::getName).forEach(names::add);
            cursor = page.getResponseMetadata().getNextCursor();
        } while (!cursor.isEmpty());
        return names;
    }

    private ChannelMessage awaitText(String text) {
        return slack.awaitBotMessage("#general", message -> message.text().equals(text), BOUND);
    }
}
