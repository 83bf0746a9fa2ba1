package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Group;
import dev.slackline.queue.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What comes from another backend. */
abstract class RestoreCases {

    private static final List<Death> DEATHS = List.of(
            new Death(Instant.parse("2026-01-02T03:04:05.678Z"), 5, "the first time: \"Grüße\""),
            new Death(Instant.parse("2026-01-03T03:04:05.678Z"), 2, "the second time"));

    @Case(79)
    void whatWaitedElsewhereWaitsForItsGroupAloneAsItWas(Trial trial) {
        trial.requires(Feature.RESTORE);
        String other = trial.newGroup();
        Group group = trial.queue().group(trial.group());
        Message message = trial.newMessage("{ \"text\" : \"Grüße\" , \"n\" : -0.0 }")
                .withOrderingKey("T/C")
                .withHeaders(Map.of("slack-team", "T", "empty", ""));
        assertThat(Await.result(group.restore(message, 3, DEATHS))).isTrue();
        Message marker = trial.publish();
        CollectingSubscriber elsewhere =
                trial.join(trial.queue(), other, Delivery::ack).request(10);
        assertThat(elsewhere.next().message())
                .as("what the other group gets first")
                .isEqualTo(marker);

        assertThat(trial.stats(trial.group()).waiting()).isEqualTo(2);
        CollectingSubscriber member = trial.join(trial.group()).request(2);
        Delivery delivery = member.next(2).stream()
                .filter(each -> each.message().id().equals(message.id()))
                .findFirst()
                .orElseThrow();
        assertThat(delivery.message()).isEqualTo(message);
        assertThat(delivery.attempt()).isEqualTo(3);
        assertThat(delivery.deaths()).isEqualTo(DEATHS);
        Await.result(delivery.deadLetter("the third time"));
        assertThat(deaths(trial, message)).hasSize(3).startsWith(DEATHS.toArray(Death[]::new));
        assertThat(deaths(trial, message).get(2).attempts()).isEqualTo(3);
    }

    @Case(79)
    void whatWasTakenOverIsThereAfterwardsAndOnceWhereTheBackendDeduplicates(Trial trial) {
        trial.requires(Feature.RESTORE);
        Group group = trial.queue().group(trial.group());
        Message message = trial.newMessage();
        assertThat(Await.result(group.restore(message, 1, List.of()))).isTrue();
        if (tellsWhatWaits(trial)) {
            assertThat(Await.result(group.restore(message, 1, List.of())))
                    .as("stored a second time")
                    .isFalse();
            assertThat(trial.stats(trial.group()).waiting()).isEqualTo(1);
        }
        if (trial.has(Feature.DURABLE)) {
            trial.reopen();
        }
        Delivery delivery = trial.join(trial.group()).requestNext();
        assertThat(delivery.message()).isEqualTo(message);
        assertThat(delivery.deaths()).isEmpty();
        Await.result(delivery.ack());
    }

    @Case(79)
    void whatHasLeftMayComeBack(Trial trial) {
        trial.requires(Feature.RESTORE);
        Group group = trial.queue().group(trial.group());
        Message message = trial.newMessage();
        for (int time = 1; time <= 3; time++) {
            trial.ledger().mayRepeat(trial.group(), message.id());
            assertThat(Await.result(group.restore(message, 1, List.of())))
                    .as("taken over, time " + time)
                    .isTrue();
            CollectingSubscriber member = trial.join(trial.group());
            Delivery delivery = member.requestNext();
            assertThat(delivery.message()).isEqualTo(message);
            Await.result(delivery.ack());
            member.cancel();
        }
    }

    @Case(79)
    void whatIsTakenOverKeepsItsOrder(Trial trial) {
        trial.requires(Feature.RESTORE);
        trial.requires(Feature.ORDER_BY_KEY);
        Group group = trial.queue().group(trial.group());
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Message message = trial.newMessage().withOrderingKey("T/C");
            messages.add(message);
            Await.result(group.restore(message, 1, List.of()));
        }
        messages.addAll(trial.publish(5, "T/C"));
        CollectingSubscriber member =
                trial.join(trial.queue(), trial.group(), Delivery::ack).request(100);
        assertThat(member.next(25)).extracting(Delivery::message).containsExactlyElementsOf(messages);
    }

    @Case(79)
    void aDeadLetterIsTakenOverWithItsHistory(Trial trial) {
        trial.requires(Feature.RESTORE);
        String other = trial.newGroup();
        Message message = trial.newMessage().withOrderingKey("T/C").withHeaders(Map.of("slack-team", "T"));
        DeadLetter letter = new DeadLetter(message, trial.group(), DEATHS);
        DeadLetters letters = trial.queue().group(trial.group()).deadLetters();
        assertThat(Await.result(letters.restore(letter))).isTrue();
        if (tellsWhatWaits(trial)) {
            assertThat(Await.result(letters.restore(letter)))
                    .as("stored a second time")
                    .isFalse();
        }
        assertThat(DeadLetterCases.dead(trial, trial.group())).containsExactly(letter);
        assertThat(DeadLetterCases.dead(trial, other)).isEmpty();
        assertThat(trial.stats(trial.group()).waiting()).isZero();

        assertThat(Await.result(letters.replay(List.of(message.id())))).isEqualTo(1);
        Delivery delivery = trial.join(trial.group()).requestNext();
        assertThat(delivery.message()).isEqualTo(message);
        assertThat(delivery.attempt()).as("attempt after a replay").isEqualTo(1);
        assertThat(delivery.deaths()).isEqualTo(DEATHS);
        Await.result(delivery.ack());
    }

    @Case(79)
    void nothingIsTakenOverForAGroupThatIsNotDeclared(Trial trial) {
        trial.requires(Feature.RESTORE);
        trial.group();
        Group undeclared = trial.queue().group("not-declared");
        Message message = trial.newMessage();
        Await.failure("a message for nobody", undeclared.restore(message, 1, List.of()));
        Await.failure(
                "a dead letter of nobody",
                undeclared.deadLetters().restore(new DeadLetter(message, "not-declared", DEATHS)));
    }

    private static boolean tellsWhatWaits(Trial trial) {
        return trial.has(Feature.DEDUPLICATION) && trial.has(Feature.EXACT_STATS);
    }

    private static List<Death> deaths(Trial trial, Message message) {
        return Await.result(trial.queue().group(trial.group()).deadLetters().show(message.id()))
                .orElseThrow()
                .deaths();
    }
}
