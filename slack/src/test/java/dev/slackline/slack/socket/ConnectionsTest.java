package dev.slackline.slack.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Status;
import dev.slackline.slack.answer.Answers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections come, are replaced, and go. */
class ConnectionsTest {

    @ParameterizedTest
    @ValueSource(strings = {"warning", "refresh_requested", "a_novelty"})
    void aConnectionThatIsToBeLeftIsReplacedWithoutAGap(String reason) throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            List<ScriptedLine> old = sockets.slack.open();
            sockets.slack.watch();
            old.forEach(line -> line.disconnect(reason));

            ScriptedSlack.await("both are left", () -> old.stream().allMatch(line -> line.saidClose.get()));
            sockets.slack.awaitOpen(2);
            assertThat(sockets.slack.fewest()).isEqualTo(2);
            assertThat(sockets.slack.lines).hasSize(4);
            assertThat(sockets.overview().withoutConnection()).isZero();
            assertThat(sockets.reconnects("requested")).isEqualTo(2);
            assertThat(sockets.overview().ghosts()).isZero();
        }
    }

    @Test
    void whatHasComeIsStoredAndAcknowledgedBeforeAConnectionIsLeft() throws Exception {
        StalledBackend backend = new StalledBackend();
        try (Sockets sockets = Sockets.of(backend.queue(), Answers.none()).connect(2)) {
            ScriptedLine old = sockets.slack.open().get(0);
            old.event("e-1", "Ev1");
            old.disconnect("warning");
            sockets.slack.awaitOpen(3);
            old.event("e-2", "Ev2");
            ScriptedSlack.await("both are taken", () -> backend.publishes.size() == 2);
            assertThat(old.saidClose).isFalse();

            backend.confirmAll();

            ScriptedSlack.await("it is left", old.saidClose::get);
            assertThat(old.hasAcknowledged("e-1")).isTrue();
            assertThat(old.hasAcknowledged("e-2")).isTrue();
        }
    }

    @Test
    void whatComesAfterTheCloseIsStoredAllTheSame() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            ScriptedLine old = sockets.slack.open().get(0);
            old.answersClose = false;
            old.disconnect("warning");
            ScriptedSlack.await("it is left", old.saidClose::get);
            old.event("e-1", "Ev1");
            old.close(1000);

            assertThat(sockets.next().id()).isEqualTo("Ev1");
            ScriptedSlack.await(
                    "nobody can acknowledge it", () -> sockets.overview().unacknowledged() == 1);
        }
    }

    @Test
    void beforeItsLifetimeIsOverAConnectionIsReplaced() throws Exception {
        try (Sockets sockets = Sockets.unstarted()) {
            sockets.slack.lifetimeSeconds = 1_000;
            sockets.connect(2);
            List<ScriptedLine> first = sockets.slack.open();
            sockets.slack.watch();
            sockets.slack.lifetimeSeconds = 3_600;

            sockets.loop.goOn(Duration.ofSeconds(699));
            assertThat(sockets.reconnects("planned")).isZero();
            sockets.loop.goOn(Duration.ofSeconds(101));
            ScriptedSlack.await(
                    "the first is replaced", () -> first.get(0).saidClose.get());
            assertThat(sockets.reconnects("planned")).as("not both at once").isEqualTo(1);
            sockets.loop.goOn(Duration.ofSeconds(100));
            ScriptedSlack.await(
                    "the second is replaced", () -> first.get(1).saidClose.get());

            assertThat(sockets.slack.fewest()).isEqualTo(2);
            assertThat(sockets.reconnects("planned")).isEqualTo(2);
        }
    }

    @Test
    void afterAResetThereIsANewConnectionWithinFiveSeconds() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            sockets.slack.watch();
            sockets.slack.open().get(0).reset();
            ScriptedSlack.await("it is noticed", () -> sockets.reconnects("lost") == 1);
            sockets.loop.goOn(Duration.ofSeconds(5));
            ScriptedSlack.await("another", () -> sockets.slack.lines.size() == 3);
            sockets.slack.awaitOpen(2);

            assertThat(sockets.slack.fewest()).isEqualTo(1);
            assertThat(sockets.reconnects("lost")).isEqualTo(1);
        }
    }

    @Test
    void aConnectionThatSlackClosesIsReplaced() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            sockets.slack.open().get(0).close(1001);
            sockets.goOnUntil("another", () -> sockets.slack.lines.size() == 3);
            sockets.slack.awaitOpen(2);
        }
    }

    @Test
    void aSilentConnectionIsReplacedWithinTenSeconds() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            ScriptedLine frozen = sockets.slack.open().get(0);
            ScriptedLine lively = sockets.slack.open().get(1);
            frozen.freeze();
            int ticks = 0;
            while (sockets.reconnects("silent") == 0) {
                int heard = lively.pongs.get();
                lively.ping();
                ScriptedSlack.await("it is heard", () -> lively.pongs.get() > heard);
                sockets.loop.tick();
                ticks++;
                assertThat(sockets.loop.pause().multipliedBy(ticks)).isLessThanOrEqualTo(Duration.ofSeconds(8));
            }
            assertThat(sockets.loop.pause().multipliedBy(ticks)).isGreaterThanOrEqualTo(Duration.ofSeconds(4));
            sockets.slack.awaitOpen(2);

            assertThat(sockets.reconnects("silent")).isEqualTo(1);
            assertThat(lively.isUsable()).isTrue();
            sockets.goOnUntil("the silent one is cut off", frozen::isClosed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalid_auth", "not_allowed_token_type", "missing_scope", "account_inactive"})
    void whatSlackRefusesForGoodIsNotTriedAgain(String error) throws Exception {
        try (Sockets sockets = Sockets.unstarted()) {
            sockets.slack.openAnswers.add(
                    ScriptedSlack.answer("200 OK", "", "{\"ok\":false,\"error\":\"" + error + "\"}"));
            sockets.start(4);
            ScriptedSlack.await(
                    "it stops", () -> sockets.overview().status().reason().contains("has stopped"));

            assertThat(sockets.overview().status().state()).isEqualTo(Status.State.DOWN);
            assertThat(sockets.overview().status().reason())
                    .contains(error, "SLACK_APP_TOKEN")
                    .doesNotContain("xapp-1");
            assertThat(sockets.slack.openRequests).hasSize(1);
        }
    }

    @Test
    void whenSocketModeIsSwitchedOffItStops() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            List<ScriptedLine> open = sockets.slack.open();
            open.get(0).disconnect("link_disabled");
            ScriptedSlack.await("it stops", () -> sockets.overview().status().state() == Status.State.DOWN);
            open.forEach(line -> line.close(1000));
            ScriptedSlack.await("all are closed", () -> sockets.overview().connected() == 0);

            assertThat(sockets.overview().status().reason()).contains("link_disabled", "switch Socket Mode on");
            assertThat(sockets.slack.openRequests).hasSize(2);
        }
    }

    @Test
    void thatThereAreTooManyIsNoReasonToOpenOneMore() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            ScriptedLine crowded = sockets.slack.open().get(0);
            crowded.disconnect("too_many_websockets");
            ScriptedSlack.await("it is left", crowded.saidClose::get);
            ScriptedSlack.await(
                    "one is missed", () -> sockets.overview().status().state() == Status.State.DEGRADED);

            assertThat(sockets.reconnects("crowded")).isEqualTo(1);
            long left = sockets.loop.nanos();
            sockets.loop.goOn(Duration.ofSeconds(29));
            sockets.goOnUntil("one more", () -> sockets.slack.openRequests.size() == 3);
            assertThat(sockets.since(left)).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
        }
    }

    @Test
    void slackIsNotAskedAgainBeforeItWantsToBe() throws Exception {
        try (Sockets sockets = Sockets.unstarted()) {
            sockets.slack.openAnswers.add(ScriptedSlack.answer(
                    "429 Too Many Requests", "Retry-After: 2\r\n", "{\"ok\":false,\"error\":\"ratelimited\"}"));
            sockets.start(10);
            ScriptedSlack.await("it is refused", () -> sockets.slack.openRequests.size() == 1);
            sockets.goOnUntil("it asks again", () -> sockets.slack.openRequests.size() == 2);

            assertThat(sockets.since(0)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
            sockets.slack.awaitOpen(10);
        }
    }

    @Test
    void tenConnectionsThatBreakAtOnceDoNotStormSlack() throws Exception {
        try (Sockets sockets = Sockets.unstarted()) {
            sockets.connect(10);
            for (int i = 0; i < 3; i++) {
                sockets.slack.openAnswers.add(ScriptedSlack.answer("503 Service Unavailable", "", "overloaded"));
            }
            sockets.slack.openRequests.clear();
            sockets.slack.open().forEach(ScriptedLine::reset);
            ScriptedSlack.await("all are missed", () -> sockets.reconnects("lost") == 10);
            long missed = sockets.loop.nanos();
            sockets.goOnUntil("three have failed", () -> sockets.slack.openRequests.size() > 3);

            assertThat(sockets.since(missed))
                    .as("the pauses in between")
                    .isGreaterThanOrEqualTo(Duration.ofMillis(1_750));
            sockets.slack.awaitOpen(10);
            assertThat(sockets.slack.openRequests).hasSize(13);
        }
    }

    @Test
    void aConnectionWithoutAHelloIsGivenUp() throws Exception {
        try (Sockets sockets = Sockets.unstarted()) {
            sockets.slack.greets = false;
            sockets.start(2);
            ScriptedSlack.await("the first", () -> sockets.slack.lines.size() == 1);
            sockets.slack.greets = true;
            assertThat(sockets.overview().status().state()).isEqualTo(Status.State.DOWN);

            sockets.goOnUntil("others", () -> sockets.slack.open().size() == 2);
            ScriptedSlack.await("it is given up", sockets.slack.lines.get(0)::isClosed);
        }
    }

    @Test
    void connectionsThatNobodyKnowsOfAreAnAlarm() throws Exception {
        try (Sockets sockets = Sockets.unstarted()) {
            sockets.slack.ghosts = 3;
            SocketSettings settings = sockets.slack.settings(2);
            sockets.start(new SocketSettings(settings.appToken(), settings.apiUrl(), 2, 1, settings.maxBody()));
            ScriptedSlack.await("ghosts", () -> sockets.overview().connected() == 2);

            assertThat(sockets.overview().ghosts()).isEqualTo(2);
            assertThat(sockets.overview().status().state()).isEqualTo(Status.State.DEGRADED);
            assertThat(sockets.overview().status().reason()).contains("2", "SLACK_SOCKETS_ELSEWHERE");
        }
    }

    @Test
    void closingAcknowledgesWhatIsBeingStoredAndTakesNoMore() throws Exception {
        StalledBackend backend = new StalledBackend();
        try (Sockets sockets = Sockets.of(backend.queue(), Answers.none()).connect(2)) {
            List<ScriptedLine> lines = sockets.slack.open();
            lines.get(0).event("e-1", "Ev1");
            ScriptedSlack.await("it is taken", () -> backend.publishes.size() == 1);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(sockets.mode()::close);
            ScriptedSlack.await(
                    "the idle one is left", () -> lines.get(1).saidClose.get());
            assertThat(lines.get(0).saidClose).isFalse();

            backend.confirmAll();

            closing.orTimeout(30, TimeUnit.SECONDS).join();
            assertThat(lines.get(0).hasAcknowledged("e-1")).isTrue();
            assertThat(lines.get(0).saidClose).isTrue();
            assertThat(sockets.overview().status().state()).isEqualTo(Status.State.DOWN);
        }
    }

    @Test
    void whenSlackClosesWhatHasComeIsAcknowledgedFirst() throws Exception {
        StalledBackend backend = new StalledBackend();
        try (Sockets sockets = Sockets.of(backend.queue(), Answers.none()).connect(2)) {
            ScriptedLine line = sockets.slack.open().get(0);
            line.event("e-1", "Ev1");
            line.close(1001);
            ScriptedSlack.await("the close is heard", () -> sockets.reconnects("lost") == 1);
            backend.confirmAll();

            ScriptedSlack.await("the close is answered", line.saidClose::get);
            assertThat(line.hasAcknowledged("e-1")).isTrue();
        }
    }
}
