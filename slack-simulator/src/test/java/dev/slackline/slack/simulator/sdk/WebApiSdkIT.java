package dev.slackline.slack.simulator.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.slack.simulator.ChannelMessage;
import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.web.ApiCall;
import dev.slackline.slack.simulator.web.ApiFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import tools.jackson.databind.JsonNode;

/** {@code @slack/web-api}: what it makes of the simulator's answers. One run of the program, looked at from all sides. */
@TestInstance(Lifecycle.PER_CLASS)
class WebApiSdkIT {

    private final SlackSimulator slack = SlackSimulator.builder()
            .scopes(
                    "channels:read",
                    "channels:history",
                    "chat:write",
                    "reactions:write",
                    "bookmarks:read",
                    "files:read",
                    "files:write")
            .channel("deploys")
            .channel("alerts")
            .channel("empty")
            .start();

    private final List<JsonNode> told = new ArrayList<>();

    @BeforeEach
    void run() throws Exception {
        if (!told.isEmpty()) {
            return; // before each, so that tests without node are counted as skipped
        }
        slack.apiFaults().next("chat.postMessage", 1, ApiFault.rateLimited(Duration.ofSeconds(1)));
        slack.apiFaults().next("conversations.history", 1, ApiFault.serverError());
        slack.apiFaults().next("bookmarks.list", 1, ApiFault.rateLimited(Duration.ofSeconds(30)));
        try (NodeProgram program = NodeProgram.start(slack, "web-api.js")) {
            program.await("done");
            told.addAll(program.told());
        }
    }

    @AfterAll
    void end() {
        slack.close();
    }

    @Test
    void aTokenIsKnown() {
        JsonNode auth = told("auth");

        assertThat(Json.text(auth, "user_id")).isEqualTo(slack.workspace().bot().id());
        assertThat(Json.text(auth, "team_id")).isEqualTo(slack.workspace().id());
        assertThat(texts(auth.at("/response_metadata/scopes"))).contains("chat:write");
    }

    @Test
    void pagesAreTurnedToTheLast() {
        assertThat(texts(told("pages").path("names")))
                .containsExactlyInAnyOrder("general", "random", "deploys", "alerts", "empty");
        assertThat(told("pages").path("sizes").toString()).isEqualTo("[2,2,1]");
        assertThat(slack.calls("conversations.list")).hasSize(3);
    }

    @Test
    void retryAfterIsHonoured() {
        List<ApiCall> calls = slack.calls("chat.postMessage");

        assertThat(calls.get(0).status()).isEqualTo(429);
        assertThat(calls.get(1).ok()).isTrue();
        assertThat(Duration.between(calls.get(0).at(), calls.get(1).at())).isGreaterThan(Duration.ofMillis(950));
        assertThat(told("rate_limited").path("seconds").asInt()).isEqualTo(1);
    }

    @Test
    void aClientThatDoesNotWaitIsToldHowLong() {
        JsonNode rejected = told("rejected");

        assertThat(Json.text(rejected, "code")).isEqualTo("slack_webapi_rate_limited_error");
        assertThat(rejected.path("retryAfter").asInt()).isEqualTo(30);
    }

    @Test
    void aServerErrorIsTriedAgain() {
        assertThat(slack.calls("conversations.history"))
                .extracting(ApiCall::status)
                .containsExactly(503, 200);
        JsonNode first = told("history").at("/messages/0");
        assertThat(Json.text(first, "text")).isEqualTo("after the limit");
        assertThat(first.at("/metadata/event_payload/number").asInt()).isEqualTo(1);
        assertThat(first.at("/reactions/0/name").asString()).isEqualTo("tada");
    }

    @Test
    void aMessageIsThereWithItsBlocksAndItsThread() {
        ChannelMessage posted = slack.messages("#general").get(0);

        assertThat(posted.ts()).isEqualTo(Json.text(told("posted"), "ts"));
        assertThat(posted.json().at("/blocks/0/text/text").asString()).isEqualTo("*after* the limit");
        assertThat(told("replies").path("messages")).hasSize(2);
        assertThat(told("replies").at("/messages/1/text").asString()).isEqualTo("in the thread");
    }

    @Test
    void anErrorIsOneOfSlacks() {
        assertThat(Json.text(told("no_channel"), "code")).isEqualTo("slack_webapi_platform_error");
        assertThat(Json.text(told("no_channel"), "message")).isEqualTo("An API error occurred: channel_not_found");
        assertThat(told("no_token").at("/data/error").asString()).isEqualTo("invalid_auth");
        assertThat(told("no_scope").at("/data/error").asString()).isEqualTo("missing_scope");
        assertThat(told("no_scope").at("/data/needed").asString()).isEqualTo("users:read");
        assertThat(told("no_scope").at("/data/provided").asString()).contains("chat:write");
    }

    @Test
    void filesAreUploadedAndShared() {
        JsonNode uploaded = told("uploaded");
        ChannelMessage shared = slack.messages("#general").stream()
                .filter(message -> message.text().equals("the log"))
                .findFirst()
                .orElseThrow();

        assertThat(texts(uploaded.path("contents"))).containsExactly("first line\n", "second line\n");
        assertThat(shared.json().path("files")).hasSize(2);
        assertThat(shared.json().at("/files/0/title").asString()).isEqualTo("One");
        assertThat(shared.json().at("/files/1/name").asString()).isEqualTo("two.txt");
    }

    private JsonNode told(String what) {
        return told.stream()
                .filter(each -> Json.text(each, "what").equals(what))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }
}
