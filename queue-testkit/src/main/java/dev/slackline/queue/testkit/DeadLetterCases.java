package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetterException;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What becomes of messages that a group failed at for good. */
abstract class DeadLetterCases {

    @Case(42)
    void aDeadLetterNeverComesAgainAndIsKeptOnce(Trial trial) {
        String other = trial.newGroup();
        Message sent = trial.publish();
        CollectingSubscriber member = trial.join(trial.group());
        Delivery delivery = member.requestNext();
        assertThat(Await.result(delivery.deadLetter("no handler for it"))).isEqualTo(Settlement.SETTLED);
        trial.clock().advance(Duration.ofMinutes(10));
        Message marker = trial.publish();
        Delivery next = member.requestNext();
        assertThat(next.message()).as("what comes after a dead letter").isEqualTo(marker);
        Await.result(next.ack());
        assertThat(dead(trial, trial.group())).extracting(DeadLetter::message).containsExactly(sent);
        assertThat(trial.stats(trial.group()).dead()).isEqualTo(1);
        assertThat(dead(trial, other)).as("dead letters of the other group").isEmpty();
        CollectingSubscriber elsewhere =
                trial.join(trial.queue(), other, Delivery::ack).request(2);
        assertThat(elsewhere.next(2)).extracting(Delivery::message).containsExactlyInAnyOrder(sent, marker);
    }

    @Case(43)
    void afterTheLastAttemptItIsADeadLetterWithItsWholeStory(Trial trial) {
        trial.set(QueueSettings.MAX_ATTEMPTS, "3");
        Message sent = trial.publish(trial.newMessage("{ \"text\" : \"Grüße\" , \"n\" : -0.0 }")
                .withOrderingKey("T/C")
                .withHeaders(Map.of("slack-team", "T")));
        Instant before = trial.clock().instant().minusSeconds(5);
        AtomicInteger calls = new AtomicInteger();
        Worker worker = Worker.start(trial.queue(), trial.group(), 2, delivery -> {
            calls.incrementAndGet();
            throw new IllegalStateException("the database is away");
        });
        try (worker) {
            Await.until("it is a dead letter", () -> !dead(trial, trial.group()).isEmpty());
        }
        assertThat(calls).as("attempts").hasValue(3);
        DeadLetter letter = dead(trial, trial.group()).get(0);
        assertThat(letter.message()).isEqualTo(sent);
        assertThat(letter.group()).isEqualTo(trial.group());
        assertThat(letter.deaths()).hasSize(1);
        assertThat(letter.last().attempts()).isEqualTo(3);
        assertThat(letter.last().reason()).contains("IllegalStateException").contains("the database is away");
        assertThat(letter.last().at()).isBetween(before, trial.clock().instant().plusSeconds(5));
        assertThat(trial.stats(trial.group()).waiting()).isZero();
        assertThat(Await.result(trial.queue().group(trial.group()).deadLetters().show(sent.id())))
                .contains(letter);
    }

    @Case(43)
    void aHandlerMayGiveUpAtOnce(Trial trial) {
        trial.publish();
        Worker worker = Worker.start(trial.queue(), trial.group(), 1, delivery -> {
            throw new DeadLetterException("nobody knows this command");
        });
        try (worker) {
            Await.until("it is a dead letter", () -> !dead(trial, trial.group()).isEmpty());
        }
        DeadLetter.Death death = dead(trial, trial.group()).get(0).last();
        assertThat(death.reason()).isEqualTo("nobody knows this command");
        assertThat(death.attempts()).isEqualTo(1);
    }

    @Case(43)
    void whatKillsItsConsumersIsGivenUpToo(Trial trial) {
        trial.requires(Feature.COUNTS_CRASHES);
        trial.set(QueueSettings.MAX_ATTEMPTS, "2");
        Message sent = trial.publish();
        for (int attempt = 1; attempt <= 2; attempt++) {
            CollectingSubscriber member = trial.join(trial.group());
            assertThat(member.requestNext().attempt()).isEqualTo(attempt);
            member.cancel();
            trial.clock().advance(Duration.ofMinutes(2));
        }
        CollectingSubscriber member = trial.join(trial.group()).request(1);
        Await.until("it is a dead letter", () -> !dead(trial, trial.group()).isEmpty());
        assertThat(member.count()).as("handed out once more").isZero();
        DeadLetter letter = dead(trial, trial.group()).get(0);
        assertThat(letter.message()).isEqualTo(sent);
        assertThat(letter.last().reason()).contains("2 attempts");
        Message marker = trial.publish();
        Delivery next = member.next();
        assertThat(next.message()).as("the demand is still there").isEqualTo(marker);
        Await.result(next.ack());
    }

    @Case(44)
    void aDeadLetterThatCannotBeWrittenLeavesTheMessageUnsettled(Trial trial) {
        AtomicBoolean broken = new AtomicBoolean(true);
        trial.set(QueueSettings.LEASE, "300ms").set(QueueSettings.MAX_ATTEMPTS, "1000");
        trial.disturbedBy(backend -> new UnwritableDeadLetters(backend, broken::get));
        Message sent = trial.publish();
        if (!trial.has(Feature.COUNTS_CRASHES)) {
            trial.ledger().allowDuplicates(10); // each time its lease is over
        }
        AtomicInteger calls = new AtomicInteger();
        Worker worker = Worker.start(trial.queue(), trial.group(), 1, delivery -> {
            calls.incrementAndGet();
            throw new DeadLetterException("hopeless");
        });
        try (worker) {
            Await.until("it comes again because it is not settled", () -> calls.get() >= 2);
            assertThat(dead(trial, trial.group())).isEmpty();
            broken.set(false);
            Await.until("it is a dead letter", () -> !dead(trial, trial.group()).isEmpty());
        }
        assertThat(dead(trial, trial.group())).extracting(DeadLetter::message).containsExactly(sent);
    }

    @Case(46)
    void aReplayGoesToTheOriginalGroupWithFreshAttemptsAndTheHistory(Trial trial) {
        String other = trial.newGroup();
        Message sent = trial.publish();
        CollectingSubscriber elsewhere =
                trial.join(trial.queue(), other, Delivery::ack).request(10);
        elsewhere.next();
        CollectingSubscriber member = trial.join(trial.group());
        Await.result(member.requestNext().retry(Duration.ofMillis(1), "first failure"));
        Await.result(member.requestNext().deadLetter("first death"));
        DeadLetters letters = trial.queue().group(trial.group()).deadLetters();

        assertThat(Await.result(letters.replay(List.of("no-such-id", sent.id()))))
                .isEqualTo(1);
        trial.ledger().mayRepeat(trial.group(), sent.id());
        assertThat(Await.result(letters.replay(List.of(sent.id()))))
                .as("replayed twice")
                .isZero();
        Delivery again = member.requestNext();
        assertThat(again.message()).isEqualTo(sent);
        assertThat(again.attempt()).as("attempt after a replay").isEqualTo(1);
        assertThat(trial.stats(trial.group()).dead()).isZero();
        Await.result(again.deadLetter("second death"));

        DeadLetter letter = Await.result(letters.show(sent.id())).orElseThrow();
        assertThat(letter.deaths()).extracting(DeadLetter.Death::reason).containsExactly("first death", "second death");
        assertThat(letter.deaths()).extracting(DeadLetter.Death::attempts).containsExactly(2, 1);

        assertThat(Await.result(letters.replayAll())).isEqualTo(1);
        trial.ledger().mayRepeat(trial.group(), sent.id());
        Await.result(member.requestNext().ack());
        Message marker = trial.publish();
        assertThat(elsewhere.next().message())
                .as("what the other group sees of a replay")
                .isEqualTo(marker);
        Await.result(member.requestNext().ack());
    }

    @Case(46)
    void deadLettersAreListedInPagesAndDroppedByHand(Trial trial) {
        List<Message> sent = trial.publish(25, "T/C");
        CollectingSubscriber member = trial.join(trial.group()).request(25);
        for (int i = 0; i < 25; i++) {
            Await.result(member.next().deadLetter("number " + i));
        }
        DeadLetters letters = trial.queue().group(trial.group()).deadLetters();
        List<DeadLetter> all = new ArrayList<>(Await.result(letters.list(null, 10)));
        assertThat(all).hasSize(10);
        while (all.size() < 25) {
            List<DeadLetter> page =
                    Await.result(letters.list(all.get(all.size() - 1).message().id(), 10));
            assertThat(page).isNotEmpty().hasSizeLessThanOrEqualTo(10);
            all.addAll(page);
        }
        assertThat(all).as("in order of death").extracting(DeadLetter::message).containsExactlyElementsOf(sent);
        String first = sent.get(0).id();
        assertThat(Await.result(letters.drop(List.of(first, "no-such-id")))).isEqualTo(1);
        assertThat(Await.result(letters.show(first))).isEmpty();
        assertThat(Await.result(letters.dropAll())).isEqualTo(24);
        assertThat(Await.result(letters.list(null, 1000))).isEmpty();
        assertThat(Await.result(letters.replayAll())).isZero();
        sent.forEach(message -> trial.ledger().settled(trial.group(), message.id(), Ledger.Outcome.ACK));
    }

    static List<DeadLetter> dead(Trial trial, String group) {
        return EndCheck.deadLetters(trial.queue().group(group));
    }
}
