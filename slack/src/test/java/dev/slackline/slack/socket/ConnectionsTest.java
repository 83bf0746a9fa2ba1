package dev.slackline.slack.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Status;
import dev.slackline.slack.answer.Answers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
            assertThat(sockets.overview().reconnects()).containsEntry("requested", 2L);
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
            assertThat(sockets.overview().unacknowledged()).isEqualTo(1);
        }
    }

    @Test
    void beforeItsLifetimeIsOverAConnectionIsReplaced() throws Exception {
        try (Sockets sockets = Sockets.unstarted()) {
            sockets.slack.lifetimeSeconds = 3;
            sockets.connect(2);
            List<ScriptedLine> first = sockets.slack.open();
            sockets.slack.watch();
            sockets.slack.lifetimeSeconds = 3600;
            long began = System.nanoTime();

            ScriptedSlack.await(
                    "the first is replaced", () -> first.get(0).saidClose.get());
            assertThat(first.get(1).saidClose).as("not both at once").isFalse();
            ScriptedSlack.await(
                    "the second is replaced", () -> first.get(1).saidClose.get());

            assertThat(System.nanoTime() - began).isBetween(2_000_000_000L, 4_500_000_000L);
            assertThat(sockets.slack.fewest()).isEqualTo(2);
            assertThat(sockets.overview().reconnects()).containsEntry("planned", 2L);
        }
    }

    @Test
    void afterAResetThereIsANewConnectionWithinFiveSeconds() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            sockets.slack.watch();
            long began = System.nanoTime();
            sockets.slack.open().get(0).reset();
            ScriptedSlack.await("another", () -> sockets.slack.lines.size() == 3);
            sockets.slack.awaitOpen(2);

            assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
            assertThat(sockets.slack.fewest()).isEqualTo(1);
            assertThat(sockets.overview().reconnects()).containsEntry("lost", 1L);
        }
    }

    @Test
    void aConnectionThatSlackClosesIsReplaced() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            sockets.slack.open().get(0).close(1001);
            ScriptedSlack.await("another", () -> sockets.slack.lines.size() == 3);
            sockets.slack.awaitOpen(2);
        }
    }

    @Test
    void aSilentConnectionIsReplacedWithinTenSeconds() throws Exception {
        try (Sockets sockets = Sockets.connected()) {
            long began = System.nanoTime();
            ScriptedLine frozen = sockets.slack.open().get(0);
            frozen.freeze();
            sockets.slack.awaitOpen(2);

            assertThat(System.nanoTime() - began).isBetween(4_000_000_000L, 10_000_000_000L);
            assertThat(sockets.overview().reconnects()).containsEntry("silent", 1L);
            ScriptedSlack.await("the silent one is cut off", frozen::isClosed);
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

            aSecondPasses();
            assertThat(sockets.overview().reconnects()).containsEntry("crowded", 1L);
            assertThat(sockets.slack.openRequests).hasSize(2);
        }
    }

    @Test
    void slackIsNotAskedAgainBeforeItWantsToBe() throws Exception {
        try (Sockets sockets = Sockets.unstarted()) {
            sockets.slack.openAnswers.add(ScriptedSlack.answer(
                    "429 Too Many Requests", "Retry-After: 2\r\n", "{\"ok\":false,\"error\":\"ratelimited\"}"));
            long began = System.nanoTime();
            sockets.start(10);
            ScriptedSlack.await("it is refused", () -> sockets.slack.openRequests.size() == 1);
            ScriptedSlack.await("it asks again", () -> sockets.slack.openRequests.size() == 2);

            assertThat(System.nanoTime() - began).isGreaterThan(2_000_000_000L);
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
            aSecondPasses();

            assertThat(sockets.slack.openRequests.size())
                    .as("asked within a second")
                    .isBetween(1, 3);
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

            sockets.slack.awaitOpen(2);
            assertThat(sockets.slack.lines.get(0).isClosed()).isTrue();
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

            closing.orTimeout(10, TimeUnit.SECONDS).join();
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
            sockets.slack.awaitOpen(3);
            backend.confirmAll();

            ScriptedSlack.await("the close is answered", line.saidClose::get);
            assertThat(line.hasAcknowledged("e-1")).isTrue();
        }
    }

    private static void aSecondPasses() {
        new CompletableFuture<@Nullable Void>()
                .completeOnTimeout(null, 1, TimeUnit.SECONDS)
                .join();
    }
}
