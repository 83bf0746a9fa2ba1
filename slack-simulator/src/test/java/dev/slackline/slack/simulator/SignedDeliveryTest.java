package dev.slackline.slack.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.slack.simulator.AppServer.Answer;
import dev.slackline.slack.simulator.AppServer.Got;
import dev.slackline.slack.simulator.delivery.Attempt;
import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.state.Json;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Signed requests as an app sees them. */
class SignedDeliveryTest {

    /** A minute takes a millisecond. */
    private static final double SPEED = 60_000;

    @Test
    void anEventIsASignedRequest() throws Exception {
        withApp(got -> Answer.of(200), (slack, app) -> {
            Occurrence said = say(slack);

            Got got = app.next();

            assertThat(said.awaitAcknowledged(Client.BOUND).number()).isZero();
            assertThat(Json.text(Json.parse(got.body()), "event_id")).isEqualTo(said.id());
            assertThat(got.headers())
                    .containsEntry("Content-Type", "application/json")
                    .containsKeys("X-Slack-Signature", "X-Slack-Request-Timestamp")
                    .doesNotContainKey("x-slack-retry-num");
        });
    }

    @Test
    void whatFailsComesAgainThreeTimesAndSaysWhy() throws Exception {
        withApp(got -> Answer.of(503), (slack, app) -> {
            Occurrence said = say(slack);

            assertThat(said.awaitOutcome(Client.BOUND).failure()).isEqualTo("http_error");
            assertThat(List.of(app.next(), app.next(), app.next(), app.next()))
                    .extracting(got -> got.headers().get("x-slack-retry-num"))
                    .containsExactly(null, "1", "2", "3");
            assertThat(said.attempts())
                    .extracting(Attempt::reason)
                    .containsExactly(null, "http_error", "http_error", "http_error");
        });
    }

    @Test
    void theWaitsAreSlacksOwn() {
        assertThat(SlackSimulator.builder().scaledWaits())
                .containsExactly(Duration.ZERO, Duration.ofMinutes(1), Duration.ofMinutes(5));
        assertThat(SlackSimulator.builder().speed(60).scaledWaits())
                .containsExactly(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(5));
        assertThat(SlackSimulator.builder().delayedEvents(true).scaledWaits())
                .hasSize(27)
                .endsWith(Duration.ofHours(1));
    }

    @Test
    void anAppMayRefuseRetries() throws Exception {
        withApp(got -> new Answer(400, Map.of("x-slack-no-retry", "1"), ""), (slack, app) -> {
            Occurrence said = say(slack);

            assertThat(said.awaitOutcome(Client.BOUND).noRetry()).isTrue();
            assertThat(said.attempts()).hasSize(1);
        });
    }

    @Test
    void theThirdRedirectIsOneTooMany() throws Exception {
        withApp(got -> new Answer(302, Map.of("Location", "/again"), ""), (slack, app) -> {
            Occurrence said = say(slack);

            assertThat(said.awaitOutcome(Client.BOUND).failure()).isEqualTo("too_many_redirects");
            assertThat(app.waiting()).isEqualTo(3 * said.attempts().size());
        });
    }

    @Test
    void whoDoesNotAnswerWithinThreeSecondsHasFailed() throws Exception {
        withApp(got -> Answer.of(got.headers().containsKey("x-slack-retry-num") ? 200 : 0), (slack, app) -> {
            Occurrence said = say(slack);

            assertThat(said.awaitAcknowledged(Client.BOUND).reason()).isEqualTo("http_timeout");
            assertThat(said.attempts().get(0).took()).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
        });
    }

    @Test
    void whereNobodyListensTheConnectionFails() throws Exception {
        try (Socket deaf = new Socket()) {
            deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // so that nobody else listens there
            SlackSimulator slack = SlackSimulator.builder()
                    .speed(SPEED)
                    .eventsUrl(URI.create("http://127.0.0.1:" + deaf.getLocalPort() + "/slack/events"))
                    .start();

            assertThat(say(slack).awaitOutcome(Client.BOUND).failure()).isEqualTo("connection_failed");
            slack.close();
        }
    }

    @Test
    void commandsAndInteractionsAreFormsAndNotSentAgain() throws Exception {
        withApp(got -> Answer.of(got.body().startsWith("payload=") ? 500 : 200), (slack, app) -> {
            Occurrence typed = slack.user("ada").command("/deploy", "to prod", "#general");
            String command = app.next().body();
            Occurrence started = slack.user("ada").shortcut("new-ticket");
            String interaction = URLDecoder.decode(app.next().body(), StandardCharsets.UTF_8);

            assertThat(typed.awaitAcknowledged(Client.BOUND).acknowledged()).isTrue();
            assertThat(command).contains("command=%2Fdeploy", "text=to+prod", "response_url=http");
            assertThat(interaction).startsWith("payload={\"type\":\"shortcut\"").contains("new-ticket");
            assertThat(started.awaitOutcome(Client.BOUND).failure()).isEqualTo("http_error");
            assertThat(started.attempts()).hasSize(1);
        });
    }

    @Test
    void theUrlIsVerifiedByItsAnswer() throws Exception {
        withApp(got -> Answer.text(Json.text(Json.parse(got.body()), "challenge")), (slack, app) -> {
            assertThat(slack.deliverTo(app.url()).verifyUrl().join()).isTrue();
        });
        withApp(got -> Answer.text("{\"challenge\":\"another\"}"), (slack, app) -> {
            assertThat(slack.deliverTo(app.url()).verifyUrl().join()).isFalse();
            assertThat(slack.deliverTo(app.url()).sslCheck().join()).isTrue();
        });
    }

    @Test
    void tooManyEventsBecomeOneNotice() throws Exception {
        try (AppServer app = AppServer.open(got -> Answer.of(200));
                SlackSimulator slack = SlackSimulator.builder()
                        .rateLimits(true)
                        .eventsPerHour(2)
                        .eventsUrl(app.url())
                        .start()) {
            say(slack);
            say(slack);
            assertThat(say(slack).awaitOutcome(Client.BOUND).failure()).isEqualTo("rate_limited");
            assertThat(say(slack).awaitOutcome(Client.BOUND).failure()).isEqualTo("rate_limited");

            assertThat(List.of(app.next().body(), app.next().body(), app.next().body()))
                    .filteredOn(body -> body.contains("\"type\":\"app_rate_limited\""))
                    .hasSizeBetween(1, 2); // two when a minute begins in between
        }
    }

    @Test
    void whoFailsNearlyAlwaysIsSwitchedOff() throws Exception {
        try (AppServer app = AppServer.open(got -> new Answer(500, Map.of("x-slack-no-retry", "1"), ""));
                SlackSimulator slack = SlackSimulator.builder()
                        .rateLimits(true)
                        .eventsUrl(app.url())
                        .start()) {
            List<Occurrence> said =
                    IntStream.range(0, 999).mapToObj(i -> say(slack)).toList();
            said.forEach(each -> each.awaitOutcome(Client.BOUND));
            assertThat(slack.deliveries().isSwitchedOff()).isFalse();
            say(slack).awaitOutcome(Client.BOUND);

            assertThat(slack.deliveries().isSwitchedOff()).isTrue();
            assertThat(say(slack).awaitOutcome(Client.BOUND).failure()).isEqualTo("subscription_disabled");
        }
    }

    private interface Trial {
        void run(SlackSimulator slack, AppServer app) throws Exception;
    }

    private static void withApp(Function<Got, Answer> behaviour, Trial trial) throws Exception {
        try (AppServer app = AppServer.open(behaviour);
                SlackSimulator slack = SlackSimulator.builder()
                        .speed(SPEED)
                        .eventsUrl(app.url())
                        .start()) {
            trial.run(slack, app);
        }
    }

    private static Occurrence say(SlackSimulator slack) {
        return slack.user("ada").says("#general", "hello").occurrences().get(0);
    }
}
