package dev.slackline.slack.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.slack.event.KeyPattern;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerDeskTest {

    private static final String VIEW = "interaction.view_submission";
    private static final Optional<Payload> NOT_YET = Optional.of(Payload.parse("{\"not\":\"yet\"}"));
    private static final Optional<Payload> ERRORS = Optional.of(Payload.parse("{\"response_action\":\"errors\"}"));

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final SettableTimer timer = new SettableTimer();
    private final AnswerDesk desk =
            new AnswerDesk(new AnswerSettings(AnswerSettings.defaults().keys(), TIMEOUT, ""), timer);

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void aMessageThatNobodyAnswersIsLeftAloneAndNotWaitedFor() {
        Message event = message("event.app_mention");

        Expectation expectation = desk.expect(event);

        assertThat(expectation.message()).isSameAs(event);
        assertThat(expectation.answer().toCompletableFuture()).isCompletedWithValue(Optional.empty());
    }

    @Test
    void theAnswerOfAHandlerInThisProcessIsTaken() {
        desk.register("bots", List.of(KeyPattern.of(VIEW)));

        Expectation expectation = desk.expect(message(VIEW));

        assertThat(expectation.answer().toCompletableFuture()).isNotDone();
        assertThat(answer(expectation, "bots", ERRORS)).isEqualTo(AnswerOutcome.TAKEN);
        assertThat(value(expectation)).isEqualTo(ERRORS);
    }

    @Test
    void aSecondAnswerIsRefused() {
        desk.register("bots", List.of(KeyPattern.of(VIEW)));
        Expectation expectation = desk.expect(message(VIEW));
        answer(expectation, "bots", ERRORS);

        assertThat(answer(expectation, "bots", Optional.of(Payload.parse("{}"))))
                .isEqualTo(AnswerOutcome.TOO_LATE);
        assertThat(value(expectation)).isEqualTo(ERRORS);
    }

    @Test
    void withoutAnAnswerThePlainAcknowledgementGoesOutInTimeAndALaterAnswerIsRefused() {
        desk.register("bots", List.of(KeyPattern.of(VIEW)));

        Expectation expectation = desk.expect(message(VIEW));

        timer.goOn(TIMEOUT.minusMillis(1));
        assertThat(expectation.answer().toCompletableFuture()).isNotDone();
        timer.goOn(Duration.ofMillis(1));
        assertThat(value(expectation)).isEmpty();
        assertThat(answer(expectation, "bots", ERRORS)).isEqualTo(AnswerOutcome.TOO_LATE);
    }

    @Test
    void whenEverybodyHasPassedNobodyWaitsAnyLonger() {
        desk.register("bots", List.of(KeyPattern.of(VIEW)));
        desk.register("forms", List.of(KeyPattern.of("interaction.*")));
        Expectation expectation = desk.expect(message(VIEW));

        assertThat(answer(expectation, "bots", Optional.empty())).isEqualTo(AnswerOutcome.NOTED);
        assertThat(expectation.answer().toCompletableFuture()).isNotDone();
        answer(expectation, "forms", Optional.empty());

        assertThat(expectation.answer().toCompletableFuture()).isCompletedWithValue(Optional.empty());
    }

    @Test
    void whereItIsNotKnownWhoThereIsSomebodyElseMayStillAnswerForAMoment() {
        desk.listensAt(URI.create("http://127.0.0.1:3000"));
        Expectation expectation = desk.expect(message(VIEW));

        answer(expectation, "forms", Optional.empty());
        assertThat(expectation.answer().toCompletableFuture()).isNotDone();
        timer.goOn(Duration.ofMillis(250));

        assertThat(value(expectation)).isEmpty();
        assertThat(timer.waiting()).as("nothing is left to be done").isZero();
    }

    @Test
    void aHandlerThatHasGoneIsNotWaitedFor() {
        desk.register("bots", List.of(KeyPattern.of(VIEW))).close();

        assertThat(desk.expect(message(VIEW)).answer().toCompletableFuture()).isDone();
    }

    @Test
    void ofAnUnknownKeyOneAcknowledgementAMinuteWaitsToFindOut() {
        desk.listensAt(URI.create("http://127.0.0.1:3000"));

        Expectation first = desk.expect(message(VIEW));
        assertThat(first.answer().toCompletableFuture()).isNotDone();
        timer.goOn(TIMEOUT);
        assertThat(value(first)).isEmpty();
        timer.goOn(Duration.ofSeconds(30));
        assertThat(desk.expect(message(VIEW)).answer().toCompletableFuture()).isDone();
        timer.goOn(Duration.ofSeconds(29));

        assertThat(desk.expect(message(VIEW)).answer().toCompletableFuture()).isNotDone();
    }

    @Test
    void whoWasHeardOfIsWaitedForUntilItIsSilent() {
        desk.listensAt(URI.create("http://127.0.0.1:3000"));
        answer(desk.expect(message(VIEW)), "bots", ERRORS);
        timer.goOn(Duration.ofSeconds(30));

        Expectation second = desk.expect(message(VIEW));
        assertThat(second.answer().toCompletableFuture()).isNotDone();
        timer.goOn(TIMEOUT);
        assertThat(value(second)).isEmpty();
        answer(second, "bots", ERRORS); // too slow for that one

        assertThat(desk.expect(message(VIEW)).answer().toCompletableFuture()).isDone();
    }

    @Test
    void whoAnswersWhatNobodyWaitedForIsWaitedForFromThenOn() {
        desk.listensAt(URI.create("http://127.0.0.1:3000"));
        Expectation probe = desk.expect(message(VIEW));
        timer.goOn(TIMEOUT);
        assertThat(value(probe)).isEmpty();
        Expectation unwaited = desk.expect(message(VIEW));

        assertThat(answer(unwaited, "bots", ERRORS)).isEqualTo(AnswerOutcome.TOO_LATE);

        assertThat(desk.expect(message(VIEW)).answer().toCompletableFuture()).isNotDone();
    }

    @Test
    void aDuplicateGetsTheSameAnswer() {
        desk.register("bots", List.of(KeyPattern.of(VIEW)));
        Message message = message(VIEW);
        Expectation first = desk.expect(message);
        Expectation second = desk.expect(message);

        second.abandon();
        answer(first, "bots", ERRORS);

        assertThat(value(first)).isEqualTo(ERRORS);
        assertThat(value(second)).isEqualTo(ERRORS);
    }

    @Test
    void whatWasNotStoredIsNotWaitedFor() {
        desk.register("bots", List.of(KeyPattern.of(VIEW)));
        Expectation expectation = desk.expect(message(VIEW));

        expectation.abandon();

        assertThat(expectation.answer().toCompletableFuture()).isCompletedWithValue(Optional.empty());
    }

    @Test
    void aTokenIsGoodForItsOwnMessageAlone() {
        desk.register("bots", List.of(KeyPattern.of(VIEW)));
        String token = token(desk.expect(message(VIEW)));

        assertThatThrownBy(() -> desk.answer(token, "another", VIEW, "bots", ERRORS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> desk.answer("w.forged", "another", VIEW, "bots", ERRORS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theAddressStandsInTheMessageOnlyWhereOthersMayAnswer() {
        desk.listensAt(URI.create("http://127.0.0.1:3000"));
        desk.register("bots", List.of(KeyPattern.of("command.deploy")));

        assertThat(desk.expect(message(VIEW)).message().headers())
                .containsEntry(AnswerDesk.ADDRESS_HEADER, "http://127.0.0.1:3000/slack/answers")
                .containsKey(AnswerDesk.TOKEN_HEADER);
        assertThat(desk.expect(message("command.deploy")).message().headers())
                .doesNotContainKey(AnswerDesk.ADDRESS_HEADER)
                .containsKey(AnswerDesk.TOKEN_HEADER);
        assertThat(desk.expect(message("event.message")).message().headers()).isEmpty();
    }

    @Test
    void whatIsWaitedForDoesNotStandInLine() {
        Message message = message(VIEW).withOrderingKey("T1/U1");
        assertThat(desk.expect(message).message().orderingKey()).isEqualTo("T1/U1");

        desk.register("bots", List.of(KeyPattern.of(VIEW)));

        assertThat(desk.expect(message).message().orderingKey()).isNull();
    }

    @Test
    void aClosedDeskLetsEveryAcknowledgementGo() {
        desk.register("bots", List.of(KeyPattern.of(VIEW)));
        Expectation expectation = desk.expect(message(VIEW));

        desk.close();

        assertThat(value(expectation)).isEmpty();
        assertThat(timer.waiting()).isZero();
        assertThat(desk.expect(message(VIEW)).answer().toCompletableFuture()).isDone();
    }

    private AnswerOutcome answer(Expectation expectation, String group, Optional<Payload> answer) {
        Message message = expectation.message();
        return desk.answer(token(expectation), message.id(), message.key(), group, answer);
    }

    private static String token(Expectation expectation) {
        return Optional.ofNullable(expectation.message().headers().get(AnswerDesk.TOKEN_HEADER))
                .orElseThrow();
    }

    private static Optional<Payload> value(Expectation expectation) {
        return expectation.answer().toCompletableFuture().getNow(NOT_YET);
    }

    private static Message message(String key) {
        return Message.of(key, Payload.of(Map.of()));
    }
}
