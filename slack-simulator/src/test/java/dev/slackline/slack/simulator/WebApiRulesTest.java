package dev.slackline.slack.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.slack.simulator.state.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What Slack refuses though nothing is wrong with the call itself: blocks, reading too often, tokens whose time is over. */
class WebApiRulesTest {

    private static final String DIVIDER = "{'type':'divider'}";

    private final SlackSimulator slack = SlackSimulator.start();
    private final Client bot = new Client(slack, slack.botToken());

    @AfterEach
    void end() {
        slack.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {'type':'sections'}                                         | unsupported type: sections [json-pointer:/blocks/0/type]
            {'text':'hi'}                                               | missing required field: type [json-pointer:/blocks/0/type]
            {'type':'section'}                                          | missing required field: text [json-pointer:/blocks/0]
            {'type':'section','text':{'type':'mrkdwn','text':''}}       | must be more than 0 characters [json-pointer:/blocks/0/text/text]
            {'type':'section','text':{'type':'html','text':'a'}}        | unsupported type: html [json-pointer:/blocks/0/text/type]
            {'type':'header','text':{'type':'mrkdwn','text':'a'}}       | unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]
            {'type':'actions','elements':[]}                            | no fewer than 1 items allowed [json-pointer:/blocks/0/elements]
            {'type':'image','image_url':'https://example.com/a.png'}    | missing required field: alt_text [json-pointer:/blocks/0]
            """)
    void blocksThatSlackDoesNotTakeAreRefusedWithTheirPlace(String block, String problem) {
        JsonNode answer = post("[" + block + "," + DIVIDER + "]");

        assertThat(Json.text(answer, "error")).isEqualTo("invalid_blocks");
        assertThat(Json.text(answer.at("/errors/0"))).contains(problem);
        assertThat(Json.text(answer.at("/response_metadata/messages/0"))).contains("[ERROR] " + problem);
        assertThat(slack.messages("#general")).isEmpty();
    }

    @Test
    void blocksThatAreTooLongOrTooManyAreRefused() {
        String text = "{'type':'section','text':{'type':'mrkdwn','text':'" + "a".repeat(3001) + "'}}";
        String many = IntStream.range(0, 51).mapToObj(i -> DIVIDER).collect(Collectors.joining(","));

        assertThat(Json.text(post("[" + text + "]").at("/errors/0"))).contains("must be less than 3001 characters");
        assertThat(Json.text(post("[" + many + "]").at("/errors/0"))).contains("no more than 50 items allowed");
        assertThat(Json.text(post("[{]"), "error")).isEqualTo("invalid_blocks_format");
    }

    @Test
    void whoIsOutsideTheMarketplaceReadsOnceAMinuteAndLittle() {
        IntStream.range(0, 20).forEach(i -> slack.user("ada").says("#general", "message " + i));
        String channel = slack.messages("#general").get(0).channel();
        Map<String, String> history = Map.of("channel", channel, "limit", "100");
        assertThat(bot.form("conversations.history", history).path("messages")).hasSize(20);

        slack.outsideMarketplace(true);

        assertThat(bot.form("conversations.history", history).path("messages")).hasSize(15);
        HttpResponse<String> refused = bot.send("conversations.history", history);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1, 60);
        assertThat(bot.form("conversations.info", history).path("ok").asBoolean())
                .isTrue();
    }

    @Test
    void aTokenThatRotatesExpiresAndIsRenewedOnce() {
        slack.tokenRotation(true);
        slack.redirectUrl(slack.url());
        JsonNode first = access(Map.of("code", code()));
        Client installed = new Client(slack, Json.text(first, "access_token"));
        assertThat(installed.form("auth.test", Map.of()).path("ok").asBoolean()).isTrue();
        assertThat(first.path("expires_in").asInt()).isEqualTo(43_200);

        slack.expireTokens();

        assertThat(Json.text(installed.form("auth.test", Map.of()), "error")).isEqualTo("token_expired");
        Map<String, String> refresh =
                Map.of("grant_type", "refresh_token", "refresh_token", Json.text(first, "refresh_token"));
        Client renewed = new Client(slack, Json.text(access(refresh), "access_token"));
        assertThat(renewed.form("auth.test", Map.of()).path("ok").asBoolean()).isTrue();
        assertThat(Json.text(access(refresh), "error")).isEqualTo("invalid_refresh_token");
        assertThat(bot.form("auth.test", Map.of()).path("ok").asBoolean()).isTrue();
    }

    private JsonNode post(String blocks) {
        return bot.form("chat.postMessage", Map.of("channel", "#general", "blocks", blocks.replace('\'', '"')));
    }

    private JsonNode access(Map<String, String> what) {
        Map<String, String> arguments = new HashMap<>(what);
        arguments.put("client_id", slack.app().clientId());
        arguments.put("client_secret", slack.app().clientSecret());
        return new Client(slack, "").form("oauth.v2.access", arguments);
    }

    /** What a browser brings back from Slack's page. */
    private String code() {
        HttpResponse<String> allowed = bot.send(HttpRequest.newBuilder(slack.url()
                .resolve("/oauth/v2/authorize?client_id=" + slack.app().clientId())));
        String location = allowed.headers().firstValue("Location").orElseThrow();
        return location.replaceAll(".*code=([^&]*).*", "$1");
    }
}
