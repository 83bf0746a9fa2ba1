package dev.slackline.slack.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.slack.Arrival;
import dev.slackline.slack.Incoming;
import dev.slackline.slack.IntakeAnswer;
import dev.slackline.slack.SlackMapping;
import dev.slackline.slack.answer.Answers;
import dev.slackline.slack.answer.Expectation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What comes over a socket, and how it is acknowledged. */
class SocketModeTest {

    private static final String COMMAND = "{\"command\":\"/deploy\",\"team_id\":\"T1\",\"channel_id\":\"C1\","
            + "\"trigger_id\":\"13.7\",\"text\":\"now 💡\"}";

    @Test
    void anEnvelopeIsStoredAndAcknowledgedOnTheConnectionThatBroughtIt() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            ScriptedLine line = sockets.slack.open().get(1);
            String payload = "{ \"team_id\":\"T1\",\"event_id\" :\"Ev1\",\"type\":\"event_callback\","
                    + "\"event\":{\"type\":\"app_mention\",\"channel\":\"C1\",\"text\":\"💡 \\u00e9\",\"n\":1.0E+2}}";
            line.send("{\"envelope_id\":\"e-1\",\"payload\":" + payload + ",\"type\":\"events_api\","
                    + "\"accepts_response_payload\":false,\"retry_attempt\":2,\"retry_reason\":\"timeout\"}");

            Message message = sockets.next();
            assertThat(message.payload().text()).isEqualTo(payload);
            assertThat(message.id()).isEqualTo("Ev1");
            assertThat(message.key()).isEqualTo("event.app_mention");
            assertThat(message.orderingKey()).isEqualTo("T1/C1");
            assertThat(message.headers())
                    .isEqualTo(Map.of(
                            "slack-team", "T1",
                            "slack-type", "event_callback",
                            "slack-retry-num", "2",
                            "slack-retry-reason", "timeout",
                            "received-at", Sockets.NOW.toString()));
            ScriptedSlack.await("the acknowledgement", () -> line.hasAcknowledged("e-1"));
            assertThat(sockets.slack.open().get(0).received).isEmpty();
            assertThat(sockets.count(IntakeAnswer.DURABLE)).hasValue(1);
            assertThat(sockets.overview().unacknowledged()).isZero();
        }
    }

    @Test
    void theTokenIsInTheHeaderAndNowhereElse() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            assertThat(sockets.slack.openRequests)
                    .hasSize(2)
                    .allSatisfy(request -> assertThat(request)
                            .containsEntry("authorization", "Bearer xapp-1-secret")
                            .containsEntry("content-length", "0")
                            .containsEntry("request", "POST /api/apps.connections.open HTTP/1.1"));
            assertThat(sockets.slack.settings(2).toString()).doesNotContain("secret");
        }
    }

    @Test
    void duplicatesAndTheSameEventOverHttpAreOneMessage() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            ScriptedLine one = sockets.slack.open().get(0);
            ScriptedLine other = sockets.slack.open().get(1);
            one.event("e-1", "Ev1");
            one.event("e-1", "Ev1");
            other.event("e-2", "Ev1");
            Arrival http = new Arrival(Sockets.NOW, "1", null, null, null);
            Incoming same = SlackMapping.map(ScriptedLine.payload("Ev1").getBytes(StandardCharsets.UTF_8), http);
            sockets.intake
                    .take((Incoming.Storable) same, System.nanoTime(), false)
                    .join();

            ScriptedSlack.await("three acknowledgements", () -> one.received.size() + other.received.size() == 3);
            assertThat(sockets.waiting()).isEqualTo(1);
        }
    }

    @Test
    void aCommandOfTheSocketIsTheCommandOfTheForm() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            ScriptedLine line = sockets.slack.open().get(0);
            line.send("{\"envelope_id\":\"e-1\",\"type\":\"slash_commands\",\"accepts_response_payload\":true,"
                    + "\"payload\":" + COMMAND + "}");
            Message message = sockets.next();
            Incoming form = SlackMapping.map(
                    "command=%2Fdeploy&team_id=T1&channel_id=C1&trigger_id=13.7&text=now+%F0%9F%92%A1"
                            .getBytes(StandardCharsets.UTF_8),
                    new Arrival(Sockets.NOW, "1", null, null, null));

            assertThat(form).isEqualTo(new Incoming.Storable(message, IntakeAnswer.DURABLE));
        }
    }

    @Test
    void anInteractionWithoutAMomentIsOneMessageForEachEnvelope() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            ScriptedLine line = sockets.slack.open().get(0);
            for (String envelope : new String[] {"e-1", "e-1", "e-2"}) {
                line.send("{\"envelope_id\":\"" + envelope + "\",\"type\":\"interactive\",\"payload\":"
                        + "{\"type\":\"view_closed\",\"team\":{\"id\":\"T1\"},\"user\":{\"id\":\"U1\"}}}");
            }
            ScriptedSlack.await("three acknowledgements", () -> line.received.size() == 3);
            assertThat(sockets.waiting()).isEqualTo(2);
            assertThat(sockets.next().key()).isEqualTo("interaction.view_closed");
        }
    }

    @Test
    void whatIsOfNoKnownKindIsKeptAndAcknowledged() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            ScriptedLine line = sockets.slack.open().get(0);
            String whole = "{\"envelope_id\":\"e-2\",\"type\":\"novelty\"}";
            line.send("{\"envelope_id\":\"e-1\",\"type\":\"novelty\",\"payload\":{\"a\":1}}");
            ScriptedSlack.await("the first", () -> line.hasAcknowledged("e-1"));
            line.send(whole);

            assertThat(sockets.next().key()).isEqualTo("unknown.novelty");
            Message second = sockets.next();
            assertThat(second.key()).isEqualTo("unknown.novelty.unreadable");
            assertThat(second.payload().text()).isEqualTo(whole);
            ScriptedSlack.await("the second", () -> line.hasAcknowledged("e-2"));
            assertThat(sockets.count(IntakeAnswer.PARKED)).hasValue(2);
        }
    }

    @Test
    void nothingIsAcknowledgedBeforeTheQueueHasIt() throws Exception {
        StalledBackend backend = new StalledBackend();
        try (Sockets sockets = Sockets.of(backend.queue(), Answers.none()).connect(2)) {
            ScriptedLine line = sockets.slack.open().get(0);
            line.event("e-1", "Ev1");
            ScriptedSlack.await("the publish", () -> backend.publishes.size() == 1);
            line.ping();
            ScriptedSlack.await("the answer to the ping", () -> line.pongs.get() == 1);
            assertThat(line.received).isEmpty();

            backend.confirmAll();

            ScriptedSlack.await("the acknowledgement", () -> line.hasAcknowledged("e-1"));
        }
    }

    @Test
    void whatTheQueueDoesNotConfirmIsNotAcknowledgedAndCounted() throws Exception {
        try (Sockets sockets = Sockets.of(new StalledBackend().queue(), Answers.none(), Duration.ofMillis(100))
                .connect(2)) {
            sockets.slack.open().get(0).event("e-1", "Ev1");

            ScriptedSlack.await("it is given up", () -> sockets.overview().unacknowledged() == 1);
            assertThat(sockets.count(IntakeAnswer.UNAVAILABLE)).hasValue(1);
            assertThat(sockets.slack.open())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line.received).isEmpty());
        }
    }

    @Test
    void untilTheGroupsAreDeclaredNothingIsAcknowledged() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            ScriptedLine line = sockets.slack.open().get(0);
            sockets.open.set(false);
            line.event("e-1", "Ev1");
            ScriptedSlack.await("it is refused", () -> sockets.overview().unacknowledged() == 1);
            sockets.open.set(true);
            line.event("e-1", "Ev1");

            ScriptedSlack.await("the acknowledgement", () -> line.hasAcknowledged("e-1"));
            assertThat(line.received).hasSize(1);
        }
    }

    @Test
    void aTextInPartsIsPutTogetherWhereverItIsCut() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            ScriptedLine line = sockets.slack.open().get(0);
            String payload = ScriptedLine.payload("Ev1").replace("hello", "💡é".repeat(20_000));
            line.sendInParts("{\"envelope_id\":\"e-1\",\"type\":\"events_api\",\"payload\":" + payload + "}", 4_999);
            line.event("e-2", "Ev2");

            assertThat(sockets.next().payload().text()).isEqualTo(payload);
            ScriptedSlack.await("both", () -> line.hasAcknowledged("e-1") && line.hasAcknowledged("e-2"));
        }
    }

    @Test
    void whatIsTooLargeOrNoJsonIsPassedOverAndTheConnectionLives() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            ScriptedLine line = sockets.slack.open().get(0);
            line.sendInParts(ScriptedLine.envelope("e-1", "Ev1").replace("hello", "x".repeat(3 << 20)), 60_000);
            line.send("no json");
            line.send("{\"type\":\"novelty\"}");
            line.event("e-2", "Ev2");

            ScriptedSlack.await("the one after them", () -> line.hasAcknowledged("e-2"));
            assertThat(line.received).hasSize(1);
            assertThat(sockets.count(IntakeAnswer.TOO_LARGE)).hasValue(1);
            assertThat(sockets.count(IntakeAnswer.MALFORMED)).hasValue(1);
            assertThat(sockets.waiting()).isEqualTo(1);
        }
    }

    @Test
    void noMoreIsReadThanTheQueueKeepsUpWith() throws Exception {
        StalledBackend backend = new StalledBackend();
        try (Sockets sockets = Sockets.of(backend.queue(), Answers.none()).connect(2)) {
            ScriptedLine line = sockets.slack.open().get(0);
            int sent = Connection.MAX_UNCONFIRMED + 200;
            for (int i = 0; i < sent; i++) {
                line.event("e-" + i, "Ev" + i);
            }
            ScriptedSlack.await("the bound", () -> backend.publishes.size() == Connection.MAX_UNCONFIRMED);
            sockets.slack.open().get(1).event("f-1", "Evx");
            ScriptedSlack.await("the other", () -> backend.publishes.size() == Connection.MAX_UNCONFIRMED + 1);
            assertThat(backend.messages.stream().filter(message -> !message.id().equals("Evx")))
                    .hasSize(Connection.MAX_UNCONFIRMED);

            backend.confirmAll();

            ScriptedSlack.await("all of them", () -> line.received.size() == sent);
        }
    }

    @Test
    void aReplyGoesWithTheAcknowledgementWhereSlackTakesOne() throws Exception {
        Answers answers = message -> new Said(message, "{\"text\":\"" + message.key() + " 💡\"}");
        try (Sockets sockets = Sockets.of(Sockets.memoryQueue(), answers).connect(2)) {
            ScriptedLine line = sockets.slack.open().get(0);
            line.send("{\"envelope_id\":\"e-1\",\"type\":\"slash_commands\",\"accepts_response_payload\":true,"
                    + "\"payload\":" + COMMAND + "}");
            ScriptedSlack.await("the acknowledgement", () -> line.received.size() == 1);
            line.send("{\"envelope_id\":\"e-2\",\"type\":\"interactive\",\"accepts_response_payload\":false,"
                    + "\"payload\":{\"type\":\"block_actions\",\"trigger_id\":\"1\"}}");
            line.event("e-3", "Ev3");
            ScriptedSlack.await("the acknowledgements", () -> line.received.size() == 3);

            assertThat(line.received.get(0))
                    .isEqualTo("{\"envelope_id\":\"e-1\",\"payload\":{\"text\":\"command.deploy 💡\"}}");
            assertThat(line.hasAcknowledged("e-2")).isTrue();
            assertThat(line.hasAcknowledged("e-3")).isTrue();
        }
    }

    /** Somebody has an answer to a message. */
    private record Said(Message message, String content) implements Expectation {

        @Override
        public CompletionStage<Optional<Payload>> answer() {
            return CompletableFuture.completedStage(Optional.of(Payload.parse(content)));
        }

        @Override
        public void abandon() {
            throw new AssertionError("it was stored");
        }
    }
}
