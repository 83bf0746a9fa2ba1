package dev.slackline.slack.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.web.ApiFault;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The Web API as a client sees it. */
class WebApiTest {

    private final SlackSimulator slack = SlackSimulator.start();
    private final Client bot = new Client(slack, slack.botToken());

    @AfterEach
    void end() {
        slack.close();
    }

    @Test
    void aTokenTellsWhoItIs() {
        JsonNode answer = bot.form("auth.test", Map.of());

        assertThat(answer.path("ok").asBoolean()).isTrue();
        assertThat(Json.text(answer, "team_id")).isEqualTo(slack.workspace().id());
        assertThat(Json.text(answer, "user_id"))
                .isEqualTo(slack.workspace().bot().id());
        assertThat(error(new Client(slack, "xoxb-wrong").form("auth.test", Map.of())))
                .isEqualTo("invalid_auth");
        assertThat(error(new Client(slack, "").form("auth.test", Map.of()))).isEqualTo("not_authed");
    }

    @Test
    void aMessageIsReadAsItWasWritten() {
        JsonNode posted = bot.json(
                "chat.postMessage",
                "{\"channel\":\"#general\",\"text\":\"hi\",\"metadata\":{\"event_type\":\"k\",\"event_payload\":{\"id\":7}}}");
        String channel = Json.text(posted, "channel");
        JsonNode reply = bot.form(
                "chat.postMessage", Map.of("channel", channel, "text", "more", "thread_ts", Json.text(posted, "ts")));

        JsonNode plain = bot.form("conversations.history", Map.of("channel", channel));
        JsonNode full = bot.form("conversations.history", Map.of("channel", channel, "include_all_metadata", "true"));
        JsonNode thread = bot.form("conversations.replies", Map.of("channel", channel, "ts", Json.text(posted, "ts")));

        assertThat(plain.path("messages")).hasSize(1);
        assertThat(plain.path("messages").path(0).has("metadata")).isFalse();
        assertThat(full.at("/messages/0/metadata/event_payload/id").asInt()).isEqualTo(7);
        assertThat(full.at("/messages/0/reply_count").asInt()).isEqualTo(1);
        assertThat(Json.text(thread.path("messages").path(1), "ts")).isEqualTo(Json.text(reply, "ts"));
    }

    @Test
    void whatCannotBeDoneIsSaidAsSlackSaysIt() {
        assertThat(error(bot.form("chat.postMessage", Map.of("channel", "C0NONE", "text", "hi"))))
                .isEqualTo("channel_not_found");
        assertThat(error(bot.form("chat.postMessage", Map.of("channel", "#random", "text", "hi"))))
                .isEqualTo("not_in_channel");
        assertThat(error(bot.form("chat.postMessage", Map.of("channel", "#general"))))
                .isEqualTo("no_text");
        assertThat(error(bot.form("no.such", Map.of()))).isEqualTo("unknown_method");
    }

    @Test
    void aScopeThatIsMissingIsNamed() {
        try (SlackSimulator strict =
                SlackSimulator.builder().scopes("channels:history").start()) {
            JsonNode answer = new Client(strict, strict.botToken())
                    .form("chat.postMessage", Map.of("channel", "#general", "text", "hi"));

            assertThat(error(answer)).isEqualTo("missing_scope");
            assertThat(Json.text(answer, "needed")).isEqualTo("chat:write");
            assertThat(Json.text(answer, "provided")).isEqualTo("channels:history");
        }
    }

    @Test
    void historyComesInPagesFromTheNewestOn() {
        for (int i = 0; i < 5; i++) {
            slack.user("ada").says("#general", "message " + i);
        }
        String channel = slack.workspace().channel("general").orElseThrow().id();

        JsonNode first = bot.form("conversations.history", Map.of("channel", channel, "limit", "3"));
        String cursor = Json.text(first.path("response_metadata"), "next_cursor");
        JsonNode rest = bot.form("conversations.history", Map.of("channel", channel, "limit", "3", "cursor", cursor));

        assertThat(first.path("has_more").asBoolean()).isTrue();
        assertThat(Json.text(first.at("/messages/0"), "text")).isEqualTo("message 4");
        assertThat(rest.path("has_more").asBoolean()).isFalse();
        assertThat(Json.text(rest.at("/messages/1"), "text")).isEqualTo("message 0");
        assertThat(Json.text(rest.path("response_metadata"), "next_cursor")).isEmpty();
    }

    @Test
    void aChannelTakesOneMessageASecond() {
        slack.rateLimits(true);
        Map<String, String> message = Map.of("channel", "#general", "text", "hi");

        bot.send("chat.postMessage", message);
        String id = slack.workspace().channel("general").orElseThrow().id();
        HttpResponse<String> second = bot.send("chat.postMessage", Map.of("channel", id, "text", "hi"));

        assertThat(second.statusCode()).isEqualTo(429);
        assertThat(second.headers().firstValue("Retry-After")).contains("1");
        assertThat(error(Json.parse(second.body()))).isEqualTo("ratelimited");
    }

    @Test
    void anUnclearFailureMayHaveDoneItsWork() {
        Map<String, String> message = Map.of("channel", "#general", "text", "hi");
        slack.apiFaults().next("chat.postMessage", 1, ApiFault.serverError());
        slack.apiFaults().next("chat.postMessage", 1, ApiFault.serverErrorAfterwards());
        slack.apiFaults().next("chat.postMessage", 1, ApiFault.cutAfterwards());
        slack.apiFaults().next("chat.postMessage", 1, ApiFault.rateLimited(Duration.ofSeconds(30)));

        assertThat(bot.send("chat.postMessage", message).statusCode()).isEqualTo(503);
        assertThat(slack.messages("#general")).isEmpty();
        assertThat(bot.send("chat.postMessage", message).statusCode()).isEqualTo(503);
        assertThat(slack.messages("#general")).hasSize(1);
        assertThatThrownBy(() -> bot.send("chat.postMessage", message))
                .hasRootCauseInstanceOf(java.io.IOException.class);
        assertThat(slack.messages("#general")).hasSize(2);
        assertThat(bot.send("chat.postMessage", message).headers().firstValue("Retry-After"))
                .contains("30");
        assertThat(slack.calls("chat.postMessage")).hasSize(4);
    }

    @Test
    void aReactionIsAddedOnce() {
        var said = slack.user("ada").says("#general", "hello");
        Map<String, String> reaction = Map.of("channel", said.channel().id(), "timestamp", said.ts(), "name", "eyes");

        assertThat(bot.form("reactions.add", reaction).path("ok").asBoolean()).isTrue();
        assertThat(error(bot.form("reactions.add", reaction))).isEqualTo("already_reacted");
        assertThat(slack.messages("#general")
                        .get(0)
                        .json()
                        .at("/reactions/0/count")
                        .asInt())
                .isEqualTo(1);
    }

    private static String error(JsonNode answer) {
        return Json.text(answer, "error");
    }
}
