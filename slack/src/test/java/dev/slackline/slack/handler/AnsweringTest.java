package dev.slackline.slack.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.slack.answer.AnswerDesk;
import dev.slackline.slack.answer.AnswerSettings;
import dev.slackline.slack.answer.Expectation;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The synchronous lane from the message to the answer, with the handlers in the intake's process. */
class AnsweringTest {

    private static final String TICKET =
            "{\"type\":\"view_submission\",\"user\":{\"id\":\"U1\"},\"view\":{\"callback_id\":\"ticket\"}}";

    private final Workshop workshop = new Workshop();
    /** Waits for ten minutes: what is there sooner has not waited. */
    private final AnswerDesk desk = desk(Duration.ofMinutes(10));

    private final List<String> called = new CopyOnWriteArrayList<>();

    AnsweringTest() throws IOException {}

    @AfterEach
    void close() {
        workshop.close();
        desk.close();
    }

    @Test
    void aRefusedFormIsAnsweredWithItsErrorsAndNotWorkedOn() throws Exception {
        start(SlackHandlers.create()
                .answerView("ticket", (event, slack) -> Answer.error("title", "too short"))
                .onView("ticket", note("work")));

        Expectation expectation = arrive("interaction.view_submission", TICKET);

        assertThat(answer(expectation))
                .contains(Map.of("response_action", "errors", "errors", Map.of("title", "too short")));
        workshop.awaitDone();
        assertThat(called).isEmpty();
        assertThat(workshop.dead()).isEmpty();
    }

    @Test
    void anAcceptedFormIsAcknowledgedAtOnceAndWorkedOn() throws Exception {
        start(SlackHandlers.create()
                .answerView("ticket", (event, slack) -> Answer.nothing())
                .onView("ticket", note("work")));

        Expectation expectation = arrive("interaction.view_submission", TICKET);

        assertThat(answer(expectation)).isEmpty();
        workshop.awaitDone();
        assertThat(called).containsExactly("work");
    }

    @Test
    void aFormThatNobodyAnswersIsAcknowledgedAtOnceWhereOthersAreAnswered() throws Exception {
        start(SlackHandlers.create()
                .answerView("other", (event, slack) -> Answer.error("x", "y"))
                .onView("ticket", note("work")));

        assertThat(answer(arrive("interaction.view_submission", TICKET))).isEmpty();

        workshop.awaitDone();
        assertThat(called).containsExactly("work");
    }

    @Test
    void aMenuGetsItsOptionsInTheirOrder() throws Exception {
        Map<String, String> people = new LinkedHashMap<>();
        people.put("Zoe", "U2");
        people.put("Ann", "U1");
        start(SlackHandlers.create().answerOptions("assignee", (event, slack) -> Answer.options(people)));

        Expectation expectation =
                arrive("interaction.block_suggestion", "{\"type\":\"block_suggestion\",\"action_id\":\"assignee\"}");

        assertThat(answer(expectation).orElseThrow().toString())
                .containsSubsequence("Zoe", "Ann")
                .contains("U1", "U2");
    }

    @Test
    void aCommandIsAnsweredInTheAcknowledgement() throws Exception {
        start(SlackHandlers.create().answerCommand("/time", (event, slack) -> Answer.inChannel("noon")));

        assertThat(answer(arrive("command.time", "{\"command\":\"/time\"}")))
                .contains(Map.of("response_type", "in_channel", "text", "noon"));
    }

    @Test
    void anAnswerToACommandThatComesTooLateGoesToItsResponseUrl() {
        start(SlackHandlers.create().answerCommand("/time", (event, slack) -> Answer.text("noon")));

        workshop.publish("command.time", "{\"response_url\":\"" + workshop.slack.url("respond") + "\"}");
        workshop.awaitDone();

        assertThat(workshop.slack.calls)
                .singleElement()
                .asString()
                .startsWith("respond ")
                .contains("noon");
    }

    @Test
    void whoAnswersTooLateIsToldSo() {
        start(SlackHandlers.create()
                .answerView(
                        "ticket",
                        (event, slack) -> Answer.error("title", "too short").ifTooLate(note("late")))
                .onView("ticket", note("work")));

        workshop.publish("interaction.view_submission", TICKET);
        workshop.awaitDone();

        assertThat(called).containsExactly("late");
    }

    @Test
    void errorsThatComeTooLateAreADeadLetterWhereNothingElseIsSaid() {
        start(SlackHandlers.create().answerView("ticket", (event, slack) -> Answer.error("title", "too short")));

        workshop.publish("interaction.view_submission", TICKET);
        Workshop.await(() -> workshop.stats().dead() == 1);

        assertThat(workshop.dead().values()).first().asString().contains("too late");
    }

    @Test
    void aHandlerThatFailsMayStillAnswerInTimeWhenItIsCalledAgain() throws Exception {
        start(SlackHandlers.create().answerView("ticket", (event, slack) -> {
            called.add("called");
            if (called.size() == 1) {
                throw new IllegalStateException("the directory does not answer");
            }
            return Answer.clear();
        }));

        assertThat(answer(arrive("interaction.view_submission", TICKET))).contains(Map.of("response_action", "clear"));
    }

    @Test
    void afterClosingNobodyIsWaitedFor() {
        start(SlackHandlers.create().answerView("*", (event, slack) -> Answer.clear()))
                .close();

        Expectation expectation = desk.expect(Message.of("interaction.view_submission", Payload.parse(TICKET)));

        assertThat(expectation.answer().toCompletableFuture()).isDone();
    }

    private RunningHandlers start(SlackHandlers handlers) {
        return workshop.start(handlers.answeringAt(desk));
    }

    /** What an intake does. */
    private Expectation arrive(String key, String json) {
        Expectation expectation = desk.expect(Message.of(key, Payload.parse(json)));
        workshop.queue.publish(expectation.message()).join();
        return expectation;
    }

    private static Optional<Map<String, Object>> answer(Expectation expectation) throws Exception {
        return expectation
                .answer()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
                .map(Payload::asMap);
    }

    private SlackHandler note(String name) {
        return (event, slack) -> called.add(name);
    }

    private static AnswerDesk desk(Duration timeout) {
        return new AnswerDesk(new AnswerSettings(AnswerSettings.defaults().keys(), timeout, ""));
    }
}
