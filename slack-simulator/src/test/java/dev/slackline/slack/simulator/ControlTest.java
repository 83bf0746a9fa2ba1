package dev.slackline.slack.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.slack.simulator.state.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the page and scripts call. */
class ControlTest {

    private final SlackSimulator slack = SlackSimulator.start();
    private final Client client = new Client(slack, "");
    private final Client bot = new Client(slack, slack.botToken());

    @AfterEach
    void end() {
        slack.close();
    }

    @Test
    void aMessageIsWrittenWithAForm() {
        HttpResponse<String> said = client.send(HttpRequest.newBuilder(at("say"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("text=hello&user=grace")));

        assertThat(said.statusCode()).isEqualTo(200);
        assertThat(slack.messages("#general"))
                .singleElement()
                .satisfies(message ->
                        assertThat(message.user()).isEqualTo(slack.user("grace").id()));
        JsonNode state = get("state?channel=general");
        assertThat(state.at("/messages/0/text").asString()).isEqualTo("hello");
        assertThat(state.at("/occurrences/0/type").asString()).isEqualTo("message");
    }

    @Test
    void whoIsCalledByNameIsMentioned() {
        JsonNode said = post("say", "{\"text\":\"@slackline, ask @grace. Not @nobody or a@b.c\"}");

        assertThat(slack.messages("#general").get(0).text())
                .isEqualTo(slack.mention() + ", ask <@" + slack.user("grace").id() + ">. Not @nobody or a@b.c");
        assertThat(said.at("/occurrences")).as("a message and a mention").hasSize(2);
    }

    @Test
    void aBotIsWaitedFor() {
        bot.form("chat.postMessage", Map.of("channel", "#general", "text", "here I am"));

        assertThat(get("wait?text=here&timeout=5").at("/message/text").asString())
                .isEqualTo("here I am");
        assertThat(Json.text(get("wait?text=gone&timeout=0"), "error")).startsWith("no message of a bot");
    }

    @Test
    void aBotIsSeenToWorkAndItsModalIsFilledIn() throws InterruptedException {
        try (AppSocket app = AppSocket.open(slack)) {
            app.next();
            post("command", "{\"command\":\"/deploy\",\"text\":\"prod\"}");
            JsonNode envelope = app.next();
            app.acknowledge(envelope);
            bot.form(
                    "views.open",
                    Map.of(
                            "trigger_id",
                            Json.text(envelope.path("payload"), "trigger_id"),
                            "view",
                            "{\"type\":\"modal\",\"title\":{\"type\":\"plain_text\",\"text\":\"T\"},\"blocks\":[{\"type\":\"input\","
                                    + "\"label\":{\"type\":\"plain_text\",\"text\":\"Version\"},"
                                    + "\"block_id\":\"b\",\"element\":{\"type\":\"plain_text_input\",\"action_id\":\"v\"}}]}"));
            String view = get("state").at("/views/0/id").asString();

            var submitted = java.util.concurrent.CompletableFuture.supplyAsync(
                    () -> post("submit", "{\"view_id\":\"" + view + "\",\"values\":{\"v\":\"1\"}}"));
            JsonNode submission = app.next();
            app.acknowledge(submission, "{\"response_action\":\"errors\",\"errors\":{\"b\":\"no\"}}");

            assertThat(submitted.join().at("/answer/errors/b").asString()).isEqualTo("no");
            post("close", "{\"view_id\":\"" + view + "\"}");
            assertThat(get("state").path("views")).isEmpty();
        }
    }

    @Test
    void aModalThatNobodyTakesSaysSo() {
        String trigger = slack.user("ada").command("/deploy", "", "#general").id();
        bot.form(
                "views.open",
                Map.of(
                        "trigger_id",
                        trigger,
                        "view",
                        "{\"type\":\"modal\",\"title\":{\"type\":\"plain_text\",\"text\":\"T\"},\"blocks\":[]}"));
        String view = get("state").at("/views/0/id").asString();

        assertThat(Json.text(post("submit", "{\"view_id\":\"" + view + "\",\"values\":{}}"), "error"))
                .contains("connection_failed");
        assertThat(get("state").path("views")).hasSize(1);
    }

    @Test
    void faultsAreSwitchedByName() throws InterruptedException {
        try (AppSocket app = AppSocket.open(slack)) {
            app.next();
            post("fault", "{\"fault\":\"warning\"}");
            assertThat(Json.text(app.next(), "reason")).isEqualTo("warning");
        }
        post("fault", "{\"fault\":\"api\",\"method\":\"chat.postMessage\",\"kind\":\"rate_limited\",\"seconds\":7}");
        assertThat(bot.send("chat.postMessage", Map.of("channel", "#general", "text", "x"))
                        .headers()
                        .firstValue("Retry-After"))
                .contains("7");
        assertThat(Json.text(post("fault", "{\"fault\":\"earthquake\"}"), "error"))
                .contains("earthquake");
    }

    @Test
    void anotherSiteMayDoNothing() {
        HttpResponse<String> foreign = client.send(HttpRequest.newBuilder(at("say"))
                .header("Origin", "https://evil.example")
                .POST(HttpRequest.BodyPublishers.ofString("text=hello")));

        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(slack.messages("#general")).isEmpty();
    }

    @Test
    void thePageNeedsNothingFromElsewhere() {
        HttpResponse<String> page =
                client.send(HttpRequest.newBuilder(slack.url().resolve("/")).GET());

        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'");
        assertThat(page.body()).contains("<title>Slack, simulated</title>").doesNotContain("https://");
    }

    private JsonNode post(String action, String json) {
        return Json.parse(client.post(at(action).toString(), json).body());
    }

    private JsonNode get(String question) {
        return Json.parse(
                client.send(HttpRequest.newBuilder(at(question)).GET()).body());
    }

    private URI at(String path) {
        return slack.url().resolve("/simulator/" + path);
    }
}
