package dev.slackline.slack.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.slack.simulator.delivery.Attempt;
import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.socket.DisconnectReason;
import dev.slackline.slack.simulator.socket.SocketOptions;
import dev.slackline.slack.simulator.state.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Socket Mode as a client sees it. */
class SocketModeTest {

    /** Longer than a machine stands still: what is acknowledged here is in time. */
    private SlackSimulator slack = simulator(Duration.ofMinutes(1));

    @AfterEach
    void end() {
        slack.close();
    }

    @Test
    void helloTellsHowManyConnectionsThereAreAndHowLongTheyLive() throws InterruptedException {
        slack.socketMode().faults().ghosts(3);
        try (AppSocket one = AppSocket.open(slack);
                AppSocket two = AppSocket.open(slack)) {
            JsonNode first = one.next();

            assertThat(Json.text(first, "type")).isEqualTo("hello");
            assertThat(first.path("num_connections").asInt()).isEqualTo(4);
            assertThat(two.next().path("num_connections").asInt()).isEqualTo(5);
            assertThat(Json.text(first.path("connection_info"), "app_id"))
                    .isEqualTo(slack.app().id());
            assertThat(first.path("debug_info")
                            .path("approximate_connection_time")
                            .asInt())
                    .isEqualTo(300);
        }
    }

    @Test
    void anAddressIsGoodOnce() {
        String address = AppSocket.address(slack);
        try (AppSocket first = AppSocket.connect(address)) {
            assertThatThrownBy(() -> AppSocket.connect(address)).isInstanceOf(CompletionException.class);
        }
    }

    @Test
    void anEventIsAcknowledgedByTheConnectionThatBroughtIt() throws InterruptedException {
        try (AppSocket app = AppSocket.open(slack)) {
            app.next();
            Occurrence said =
                    slack.user("ada").says("#general", "hello").occurrences().get(0);
            JsonNode envelope = app.next();

            app.acknowledge(envelope);

            assertThat(Json.text(envelope, "type")).isEqualTo("events_api");
            assertThat(envelope.path("retry_attempt").asInt(-1)).isZero();
            assertThat(Json.text(envelope.path("payload").path("event"), "text"))
                    .isEqualTo("hello");
            assertThat(Json.text(envelope.path("payload"), "event_id")).isEqualTo(said.id());
            assertThat(said.awaitAcknowledged(Client.BOUND).way()).isEqualTo("socket 1");
            assertThat(slack.socketMode().acknowledgements())
                    .singleElement()
                    .satisfies(ack -> assertThat(ack.known()).isTrue());
        }
    }

    @Test
    void aMentionIsToldTwice() throws InterruptedException {
        try (AppSocket app = AppSocket.open(slack)) {
            app.next();
            slack.user("ada").says("#general", slack.mention() + " are you there?");

            assertThat(List.of(
                            Json.text(app.next().path("payload").path("event"), "type"),
                            Json.text(app.next().path("payload").path("event"), "type")))
                    .containsExactly("message", "app_mention");
        }
    }

    @Test
    void anUnacknowledgedEventComesAgainOnAnotherConnection() throws InterruptedException {
        waitForAcknowledgements(Duration.ofSeconds(2));
        try (AppSocket one = AppSocket.open(slack);
                AppSocket two = AppSocket.open(slack)) {
            one.next();
            two.next();
            Occurrence said =
                    slack.user("ada").says("#general", "hello").occurrences().get(0);
            one.next();
            JsonNode again = two.next();
            two.acknowledge(again);

            assertThat(again.path("retry_attempt").asInt()).isEqualTo(1);
            assertThat(Json.text(again, "retry_reason")).isEqualTo("timeout");
            assertThat(said.awaitAcknowledged(Client.BOUND).way()).isEqualTo("socket 2");
            assertThat(said.attempts().get(0).failure()).isEqualTo("timeout");
        }
    }

    @Test
    void slackGivesUpAfterThreeRetries() {
        Occurrence said = slack.user("ada")
                .says("#general", "nobody listens")
                .occurrences()
                .get(0);

        Attempt last = said.awaitOutcome(Client.BOUND);

        assertThat(last.failure()).isEqualTo("connection_failed");
        assertThat(said.attempts()).extracting(Attempt::number).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aCommandIsNotSentAgainAndItsAnswerAppears() throws InterruptedException {
        waitForAcknowledgements(Duration.ofSeconds(2));
        try (AppSocket app = AppSocket.open(slack)) {
            app.next();
            Occurrence typed = slack.user("ada").command("/deploy", "prod", "#general");
            JsonNode envelope = app.next();
            app.acknowledge(envelope, "{\"text\":\"on its way\"}");

            assertThat(Json.text(envelope, "type")).isEqualTo("slash_commands");
            assertThat(envelope.path("accepts_response_payload").asBoolean()).isTrue();
            assertThat(envelope.has("retry_attempt")).isFalse();
            assertThat(typed.awaitAcknowledged(Client.BOUND).number()).isZero();
            ChannelMessage answer = slack.awaitBotMessage("#general", message -> true, Client.BOUND);
            assertThat(answer.text()).isEqualTo("on its way");
            assertThat(answer.visibleTo()).isEqualTo(slack.user("ada").id());

            Occurrence lost = slack.user("ada").command("/deploy", "again", "#general");
            assertThat(lost.awaitOutcome(Client.BOUND).failure()).isEqualTo("timeout");
            assertThat(lost.attempts()).hasSize(1);
        }
    }

    @Test
    void aDuplicateHasTheSameEnvelopeId() throws InterruptedException {
        slack.socketMode().faults().duplicateNext(1);
        try (AppSocket app = AppSocket.open(slack)) {
            app.next();
            slack.user("ada").says("#general", "hello");

            assertThat(app.next()).isEqualTo(app.next());
        }
    }

    @Test
    void aWarningComesBeforeTheEndOfAConnection() throws Exception {
        slack.socketMode().faults().connectionLifetime(Duration.ofMillis(300));
        try (AppSocket app = AppSocket.open(slack)) {
            app.next();

            assertThat(Json.text(app.next(), "reason")).isEqualTo("warning");
            assertThat(Json.text(app.next(), "reason")).isEqualTo("refresh_requested");
            assertThat(app.ended.get(20, TimeUnit.SECONDS)).isEqualTo("closed 1001");
        }
    }

    @Test
    void theEleventhConnectionIsOneTooMany() throws Exception {
        List<AppSocket> ten = java.util.stream.IntStream.range(0, 10)
                .mapToObj(number -> AppSocket.open(slack))
                .toList();
        for (AppSocket each : ten) {
            each.next();
        }
        try (AppSocket eleventh = AppSocket.open(slack)) {
            assertThat(Json.text(eleventh.next(), "reason")).isEqualTo("too_many_websockets");
            assertThat(eleventh.ended.get(20, TimeUnit.SECONDS)).isEqualTo("closed 1001");
        }
        ten.forEach(AppSocket::close);
    }

    @Test
    void aLinkThatIsDisabledEndsAtOnce() throws Exception {
        try (AppSocket app = AppSocket.open(slack)) {
            app.next();

            assertThat(slack.socketMode().faults().disconnect(DisconnectReason.LINK_DISABLED))
                    .isEqualTo(1);
            assertThat(Json.text(app.next(), "reason")).isEqualTo("link_disabled");
            assertThat(app.ended.get(20, TimeUnit.SECONDS)).isEqualTo("closed 1001");
        }
    }

    @Test
    void aResetIsNoClose() throws Exception {
        try (AppSocket app = AppSocket.open(slack)) {
            app.next();

            slack.socketMode().faults().reset();

            assertThat(app.ended.get(20, TimeUnit.SECONDS)).isEqualTo("failed");
        }
    }

    @Test
    void aFrozenConnectionAnswersNoPingAndIsCountedUntilItIsReaped() throws Exception {
        waitForAcknowledgements(Duration.ofSeconds(2));
        try (AppSocket frozen = AppSocket.open(slack);
                AppSocket other = AppSocket.open(slack)) {
            frozen.next();
            other.next();
            other.ping();
            other.ponged.get(20, TimeUnit.SECONDS);
            assertThat(slack.socketMode().faults().freezeOldest()).isTrue();

            frozen.ping();
            Occurrence lost = slack.user("ada")
                    .says("#general", "into the void")
                    .occurrences()
                    .get(0);
            JsonNode again = other.next();
            other.acknowledge(again);

            assertThat(lost.awaitAcknowledged(Client.BOUND).number()).isEqualTo(1);
            assertThat(frozen.ponged).isNotDone();
            assertThat(frozen.ended).isNotDone();
            assertThat(slack.socketMode().connections()).isEqualTo(2);
            slack.socketMode().faults().reap();
            assertThat(slack.socketMode().connections()).isEqualTo(1);
        }
    }

    @Test
    void theTokenStandsInTheHeaderAlone() {
        JsonNode among = new Client(slack, "").form("apps.connections.open", Map.of("token", slack.appToken()));
        JsonNode ofBot = new Client(slack, slack.botToken()).form("apps.connections.open", Map.of());

        assertThat(Json.text(among, "error")).isEqualTo("not_authed");
        assertThat(Json.text(ofBot, "error")).isEqualTo("not_allowed_token_type");
    }

    private void waitForAcknowledgements(Duration timeout) {
        slack.close();
        slack = simulator(timeout);
    }

    private static SlackSimulator simulator(Duration ackTimeout) {
        SocketOptions options =
                new SocketOptions(ackTimeout, Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofMinutes(5));
        return SlackSimulator.builder().socketMode(options).speed(100_000).start();
    }
}
