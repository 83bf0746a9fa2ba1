package dev.slackline.slack.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.slack.api.SlackApiException;
import dev.slackline.slack.event.SlackEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a handler answers with, and what reaches Slack of it. */
class SlackTest {

    private final ApiServer server = new ApiServer();

    SlackTest() throws IOException {}

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void sayingPostsWhereItHappened() {
        on(mention("")).say("hello");

        assertThat(server.calls)
                .singleElement()
                .asString()
                .startsWith("chat.postMessage ")
                .contains("channel=C1", "text=hello")
                .doesNotContain("thread_ts");
    }

    @Test
    void replyingPostsInTheThreadOrStartsOne() {
        on(mention("")).reply("hello");
        on(mention(",\"thread_ts\":\"1.0\"")).reply("hello");

        assertThat(server.calls.get(0)).contains("thread_ts=1.1");
        assertThat(server.calls.get(1)).contains("thread_ts=1.0");
    }

    @Test
    void whereThereIsNoChannelSayingGoesToTheUser() {
        on(event("interaction.view_submission", "{\"user\":{\"id\":\"U1\"},\"team\":{\"id\":\"T1\"}}"))
                .say("done");

        assertThat(server.calls).singleElement().asString().contains("channel=U1");
    }

    @Test
    void reactingTwiceIsReactingOnce() {
        server.answer = "{\"ok\":false,\"error\":\"already_reacted\"}";

        on(mention("")).react("eyes");

        assertThat(server.calls)
                .singleElement()
                .asString()
                .startsWith("reactions.add ")
                .contains("timestamp=1.1", "name=eyes");
    }

    @Test
    void whatSlackRefusesIsToldToTheHandler() {
        server.answer =
                "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"chat:write\",\"provided\":\"commands\"}";

        assertThatThrownBy(() -> on(mention("")).say("hello")).isInstanceOfSatisfying(SlackApiException.class, e -> {
            assertThat(e.error()).isEqualTo("missing_scope");
            assertThat(e.needed()).isEqualTo("chat:write");
        });
    }

    @Test
    void aFormIsOpenedWithTheTriggerOfTheEvent() {
        on(command(server.url("respond"))).open(Map.of("type", "modal"));

        assertThat(server.calls)
                .singleElement()
                .asString()
                .startsWith("views.open ")
                .contains("trigger_id=1.2");
    }

    @Test
    void anUpdateChangesWhatWasPosted() {
        Slack slack = on(mention(""));

        Posted posted = slack.post("0 %");
        slack.update(posted, "50 %");
        slack.reply(posted, "half");

        assertThat(posted).isEqualTo(new Posted("C1", "9.9"));

        assertThat(server.calls.get(1)).startsWith("chat.update ").contains("ts=9.9", "text=50");
        assertThat(server.calls.get(2)).startsWith("chat.postMessage ").contains("thread_ts=9.9", "text=half");
    }

    @Test
    void throughAnOutboxTheSamePostHasTheSameIdInEveryCallOfAHandler() {
        List<String> kept = new ArrayList<>();
        Posts outbox = (id, team, channel, arguments) -> {
            kept.add(id + " " + team + " " + channel + " " + new TreeMap<>(arguments));
            return CompletableFuture.completedFuture(id);
        };
        SlackEvent event = mention("");
        for (int attempt = 1; attempt <= 2; attempt++) {
            Slack slack = new Slacks(server.api, outbox).on(event, "greet");
            slack.say("one");
            slack.reply("two");
        }

        String id = event.message().id() + "/greet/";
        assertThat(kept.subList(0, 2))
                .containsExactly(id + "1 T1 C1 {text=one}", id + "2 T1 C1 {text=two, thread_ts=1.1}")
                .isEqualTo(kept.subList(2, 4));
        assertThat(server.calls).isEmpty();
    }

    @Test
    void aPostThatTheOutboxDoesNotKeepFailsTheHandler() {
        Posts broken = (id, team, channel, arguments) ->
                CompletableFuture.failedFuture(new IllegalStateException("the disk is full"));

        assertThatThrownBy(() ->
                        new Slacks(server.api, broken).on(mention(""), "greet").say("one"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the disk is full");
    }

    @Test
    void aResponseUrlTakesFiveAnswers() throws Exception {
        Slack slack = on(command(server.url("respond")));
        for (int i = 0; i < 5; i++) {
            slack.respond("answer " + i);
        }

        assertThatThrownBy(() -> slack.respond("one more"))
                .isInstanceOf(ResponseUrlException.class)
                .hasMessageContaining("five times");
        assertThat(server.calls).hasSize(5).first().isEqualTo("respond {\"text\":\"answer 0\"}");
    }

    @Test
    void aResponseUrlTakesAnswersForThirtyMinutes() {
        Message old = message("command.deploy", command(server.url("respond")));
        Message stale = new Message(
                old.id(), old.key(), null, Instant.now().minus(Duration.ofMinutes(31)), Map.of(), old.payload());

        assertThatThrownBy(() -> new Slacks(server.api, null)
                        .on(SlackEvent.of(stale), "h")
                        .respond("late"))
                .isInstanceOf(ResponseUrlException.class)
                .hasMessageContaining("30 minutes");
        assertThat(server.calls).isEmpty();
    }

    @Test
    void aFailureOfSlacksOverTheResponseUrlIsToBeTriedAgainAndARefusalIsNot() {
        server.status = 503;
        assertThatThrownBy(() -> on(command(server.url("respond"))).respond("hello"))
                .isInstanceOf(IOException.class);

        server.status = 404;
        assertThatThrownBy(() -> on(command(server.url("respond"))).respond("hello"))
                .isInstanceOf(ResponseUrlException.class);
    }

    @Test
    void whatAnEventHasNotIsSaid() {
        Slack slack = on(event("event.team_rename", "{\"event\":{\"type\":\"team_rename\"}}"));

        assertThatThrownBy(() -> slack.reply("x")).hasMessageContaining("a message to reply to");
        assertThatThrownBy(() -> slack.say("x")).hasMessageContaining("a channel or a user");
        assertThatThrownBy(() -> slack.respond("x")).hasMessageContaining("a response_url");
        assertThatThrownBy(() -> slack.open(Map.of())).hasMessageContaining("a trigger_id");
        assertThat(server.calls).isEmpty();
    }

    private Slack on(SlackEvent event) {
        return new Slacks(server.api, null).on(event, "handler");
    }

    private Slack on(String command) {
        return on(event("command.deploy", command));
    }

    private static SlackEvent mention(String fields) {
        return event(
                "event.app_mention",
                "{\"team_id\":\"T1\",\"event\":{\"type\":\"app_mention\",\"channel\":\"C1\",\"user\":\"U1\",\"ts\":\"1.1\""
                        + fields + "}}");
    }

    private static String command(String responseUrl) {
        return "{\"team_id\":\"T1\",\"command\":\"/deploy\",\"trigger_id\":\"1.2\",\"response_url\":\"" + responseUrl
                + "\"}";
    }

    private static SlackEvent event(String key, String json) {
        return SlackEvent.of(message(key, json));
    }

    private static Message message(String key, String json) {
        return Message.of(key, Payload.parse(json));
    }
}
