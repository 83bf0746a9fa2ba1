package dev.slackline.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.Message;
import dev.slackline.queue.Queue;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Settings;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlackIntakeTest {

    private final Door door = Door.open();

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void anEventIsStoredByteForByte() throws Exception {
        assertThat(door.post(Samples.MENTION)).isEqualTo(200);
        Message message = door.onlyStored();
        assertThat(message.payload().bytes()).isEqualTo(Samples.MENTION.getBytes(StandardCharsets.UTF_8));
        assertThat(message.id()).isEqualTo("Ev123ABC456");
        assertThat(message.key()).isEqualTo("event.app_mention");
        assertThat(message.publishedAt()).isEqualTo(Door.NOW);
        assertThat(door.count(IntakeAnswer.DURABLE)).hasValue(1);
    }

    @Test
    void aRetryIsStoredOnceAndAnswered200() throws Exception {
        assertThat(door.post(Samples.MENTION)).isEqualTo(200);
        HttpRequest.Builder retry = door.signed(Samples.MENTION)
                .header("X-Slack-Retry-Num", "1")
                .header("X-Slack-Retry-Reason", "http_timeout");
        assertThat(door.send(retry).statusCode()).isEqualTo(200);
        assertThat(door.stored()).hasSize(1);
    }

    @Test
    void aRetryThatIsTheOnlyCopyIsStored() throws Exception {
        HttpRequest.Builder retry = door.signed(Samples.MENTION)
                .header("X-Slack-Retry-Num", "3")
                .header("X-Slack-Retry-Reason", "connection_failed");
        assertThat(door.send(retry).statusCode()).isEqualTo(200);
        assertThat(door.onlyStored().headers())
                .containsEntry("slack-retry-num", "3")
                .containsEntry("slack-retry-reason", "connection_failed");
    }

    @Test
    void aWrongSignatureIsRefused() throws Exception {
        byte[] body = Samples.MENTION.getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder forged = door.signed(body, Door.NOW, new SlackSignature(List.of("another")));
        HttpResponse<String> answer = door.send(forged);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("x-slack-no-retry")).isEmpty();
        assertThat(door.stored()).isEmpty();
        assertThat(door.count(IntakeAnswer.UNAUTHORIZED)).hasValue(1);
    }

    @Test
    void missingOrBrokenSignatureHeadersAreRefused() throws Exception {
        byte[] body = Samples.MENTION.getBytes(StandardCharsets.UTF_8);
        assertThat(door.send(door.unsigned(body)).statusCode()).isEqualTo(401);
        assertThat(door.send(door.unsigned(body).header(SlackSignature.TIMESTAMP_HEADER, "noon"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(door.send(door.unsigned(body).header(SlackSignature.SIGNATURE_HEADER, "v0=00"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(door.send(door.unsigned(new byte[0])).statusCode()).isEqualTo(401);
        assertThat(door.stored()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {-301, 301, 3600, 315_360_000})
    void aGenuineSignatureOfAnotherTimeIsRefused(long seconds) throws Exception {
        Instant time = Door.NOW.plusSeconds(seconds);
        HttpRequest.Builder request = door.signed(Samples.MENTION.getBytes(StandardCharsets.UTF_8), time, door.slack);
        assertThat(door.send(request).statusCode()).isEqualTo(401);
        assertThat(door.stored()).isEmpty();
    }

    @Test
    void bothSecretsAreAcceptedWhileOneIsRotated() throws Exception {
        try (Door rotating = Door.open(Door.memoryQueue(Map.of()), Map.of(), List.of("old", "new"))) {
            for (String secret : List.of("old", "new")) {
                byte[] body =
                        Samples.event("Ev" + secret, "{\"type\":\"message\"}").getBytes(StandardCharsets.UTF_8);
                HttpRequest.Builder request = rotating.signed(body, Door.NOW, new SlackSignature(List.of(secret)));
                assertThat(rotating.send(request).statusCode()).isEqualTo(200);
            }
            assertThat(rotating.stored()).hasSize(2);
        }
    }

    @Test
    void theChallengeIsAnsweredOnceItIsKnownToBeSlacks() throws Exception {
        String body = "{\"token\":\"t\",\"challenge\":\"a\\\"b\\u00e9\",\"type\":\"url_verification\"}";
        HttpResponse<String> answer = door.send(door.signed(body));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.body()).isEqualTo("{\"challenge\":\"a\\\"bé\"}");
        assertThat(door.send(door.unsigned(body.getBytes(StandardCharsets.UTF_8)))
                        .statusCode())
                .isEqualTo(401);
        assertThat(door.stored()).isEmpty();
    }

    @Test
    void aRateLimitNoticeIsAnsweredAtOnceAndStoredOnceAMinute() throws Exception {
        assertThat(door.post(Samples.RATE_LIMITED)).isEqualTo(200);
        assertThat(door.post(Samples.RATE_LIMITED)).isEqualTo(200);
        assertThat(door.post(Samples.RATE_LIMITED.replace("1518467820", "1518467880")))
                .isEqualTo(200);
        List<Message> stored = door.stored();
        assertThat(stored).hasSize(2).allMatch(message -> message.key().equals("app_rate_limited"));
        assertThat(stored.get(0).id()).contains("T123456", "1518467820");
        assertThat(stored.get(0).orderingKey()).isEqualTo("T123456");
        assertThat(door.count(IntakeAnswer.RATE_LIMIT_NOTICE)).hasValue(3);
    }

    @Test
    void aTypeThatNobodyHandlesIsStoredAndAnswered200() throws Exception {
        assertThat(door.post(Samples.event("Ev1", "{\"type\":\"brand_new_thing\"}")))
                .isEqualTo(200);
        assertThat(door.onlyStored().key()).isEqualTo("event.brand_new_thing");
    }

    @Test
    void genuineJsonOfNoKnownKindIsParked() throws Exception {
        assertThat(door.post("{\"type\":\"from_the_future\",\"team_id\":\"T1\"}"))
                .isEqualTo(200);
        assertThat(door.post("{}")).isEqualTo(200);
        assertThat(door.post("{\"type\":{\"not\":\"text\"}}")).isEqualTo(200);
        assertThat(door.post("{}")).isEqualTo(200);
        assertThat(door.stored())
                .extracting(Message::key)
                .containsExactly("unknown.from_the_future", "unknown", "unknown");
        assertThat(door.count(IntakeAnswer.PARKED)).hasValue(4);
    }

    @Test
    void aSlashCommandIsStoredAndAnswered200WithNothingToShow() throws Exception {
        HttpResponse<String> answer = door.send(door.signed(Samples.COMMAND).uri(door.uri("/slack/commands")));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        Message message = door.onlyStored();
        assertThat(message.key()).isEqualTo("command.weather");
        assertThat(message.id()).isEqualTo("13345224609.738474920.8088930838d88f008e0");
        assertThat(message.payload().asMap())
                .containsEntry("text", "94070 & 🌧")
                .containsEntry("command", "/weather")
                .hasSize(11);
    }

    @Test
    void anInteractionIsItsPayloadByteForByte() throws Exception {
        String form = Samples.interaction(Samples.BLOCK_ACTIONS);
        assertThat(door.send(door.signed(form).uri(door.uri("/slack/interactions")))
                        .statusCode())
                .isEqualTo(200);
        assertThat(door.post(form)).isEqualTo(200);
        Message message = door.onlyStored();
        assertThat(message.key()).isEqualTo("interaction.block_actions");
        assertThat(message.payload().text()).isEqualTo(Samples.BLOCK_ACTIONS);
    }

    @Test
    void sslCheckIsAnsweredAndNotStored() throws Exception {
        assertThat(door.post("ssl_check=1&token=abc")).isEqualTo(200);
        assertThat(door.stored()).isEmpty();
        assertThat(door.count(IntakeAnswer.SSL_CHECK)).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[1,2]",
                "\"text\"",
                "{",
                "{\"a\":1}trailing",
                "{'a':1}",
                "<xml a=\"b\"/>",
                "payload=",
                "payload=%7B",
                "payload=[]",
                "command=%2",
                "command=%zz",
                "text=%ff"
            })
    void aSignedBodyThatCanNeverBeParsedIsNotSentAgain(String body) throws Exception {
        HttpResponse<String> answer = door.send(door.signed(body));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("x-slack-no-retry")).contains("1");
        assertThat(door.stored()).isEmpty();
    }

    @Test
    void bytesThatAreNoTextAreVerifiedAndThenRefused() throws Exception {
        byte[] latin1 = "{\"type\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
        HttpResponse<String> answer = door.send(door.signed(latin1));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("x-slack-no-retry")).contains("1");
    }

    @Test
    void noOriginIsEverAllowed() throws Exception {
        HttpRequest.Builder preflight = HttpRequest.newBuilder(door.uri("/slack/events"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST");
        HttpResponse<String> answer = door.send(preflight);
        assertThat(answer.statusCode()).isEqualTo(405);
        HttpResponse<String> post = door.send(door.signed(Samples.MENTION).header("Origin", "https://evil.example"));
        for (HttpResponse<String> one : List.of(answer, post)) {
            assertThat(one.headers().map().keySet())
                    .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control"));
        }
    }

    @Test
    void otherMethodsAreToldWhatIsAllowed() throws Exception {
        for (String method : List.of("GET", "HEAD", "PUT", "DELETE", "TRACE")) {
            HttpRequest.Builder request = HttpRequest.newBuilder(door.uri("/slack/events"))
                    .method(method, HttpRequest.BodyPublishers.noBody());
            HttpResponse<String> answer = door.send(request);
            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.headers().firstValue("allow")).contains("POST");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/slack", "/slack/events/", "/slack/eventsx", "/slack/events/x", "/SLACK/EVENTS"})
    void otherPathsAreNotTheIntakes(String path) throws Exception {
        HttpResponse<String> answer = door.send(door.signed(Samples.MENTION).uri(door.uri(path)));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("Not Found");
        assertThat(answer.headers().firstValue("server")).isEmpty();
        assertThat(door.stored()).isEmpty();
    }

    @Test
    void aQueryStringDoesNotHideTheDoor() throws Exception {
        assertThat(door.send(door.signed(Samples.MENTION).uri(door.uri("/slack/events?a=b")))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void withoutASecretItSaysWhereSlackShowsIt() {
        SlackSettings none = SlackSettings.from(Settings.parse(Map.of(), SlackSettings.ALL));
        Queue queue = door.queue;
        assertThatThrownBy(() -> new SlackIntake(queue, none, (answer, took) -> {}, InstantSource.system()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SLACK_SIGNING_SECRET")
                .hasMessageContaining("api.slack.com/apps")
                .hasMessageContaining("Basic Information -> App Credentials -> Signing Secret");
    }

    @Test
    void theSecretIsShownNowhere() {
        Settings settings = Settings.parse(Map.of("SLACK_SIGNING_SECRET", "hush, hush2"), SlackSettings.ALL);
        SlackSettings slack = SlackSettings.from(settings);
        assertThat(slack.signingSecrets()).containsExactly("hush", "hush2");
        assertThat(slack.toString() + settings).doesNotContain("hush");
    }
}
