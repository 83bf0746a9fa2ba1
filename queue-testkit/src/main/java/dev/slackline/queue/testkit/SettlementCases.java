package dev.slackline.queue.testkit;

import static dev.slackline.queue.Settlement.ALREADY_SETTLED;
import static dev.slackline.queue.Settlement.SETTLED;
import static dev.slackline.queue.Settlement.STALE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** What a settlement does, and what it leaves alone. */
abstract class SettlementCases {

    private static final Duration BEYOND_THE_LEASE = Duration.ofMinutes(2);

    @Case(36)
    void afterAConfirmedAckItNeverComesAgain(Trial trial) {
        trial.publish();
        CollectingSubscriber member = trial.join(trial.group());
        assertThat(Await.result(member.requestNext().ack())).isEqualTo(SETTLED);
        member.cancel();
        if (trial.has(Feature.DURABLE)) {
            trial.reopen();
        }
        trial.clock().advance(BEYOND_THE_LEASE);
        Message marker = trial.publish();
        Delivery next = trial.join(trial.group()).requestNext();
        assertThat(next.message()).as("what comes after an acked message").isEqualTo(marker);
        Await.result(next.ack());
    }

    @Case(37)
    void theFirstSettlementWins(Trial trial) {
        List<Function<Delivery, CompletionStage<Settlement>>> settlements = List.of(
                Delivery::ack,
                delivery -> delivery.retry(Duration.ZERO, "again"),
                delivery -> delivery.deadLetter("never"),
                Delivery::release);
        Message untouched = trial.publish();
        for (boolean raw : new boolean[] {true, false}) {
            CollectingSubscriber member = raw ? trial.joinBackend(trial.group()) : trial.join(trial.group());
            Delivery other = member.requestNext();
            for (Function<Delivery, CompletionStage<Settlement>> second : settlements) {
                trial.publish();
                Delivery delivery = member.requestNext();
                assertThat(Await.result(delivery.ack())).isEqualTo(SETTLED);
                assertThat(Await.result(second.apply(delivery))).isEqualTo(ALREADY_SETTLED);
            }
            trial.publish();
            Delivery retried = member.requestNext();
            assertThat(Await.result(retried.retry(Duration.ZERO, "again"))).isEqualTo(SETTLED);
            assertThat(Await.result(retried.ack())).isEqualTo(ALREADY_SETTLED);
            Delivery again = member.requestNext();
            assertThat(again.message()).as("a retried message, acked too late").isEqualTo(retried.message());
            assertThat(Await.result(again.ack())).isEqualTo(SETTLED);

            assertThat(other.message()).as("a message that nobody settled").isEqualTo(untouched);
            assertThat(Await.result(raw ? other.release() : other.ack())).isEqualTo(SETTLED);
            member.cancel();
        }
    }

    @Case(38)
    void aStaleSettlementSettlesNothing(Trial trial) {
        List<Function<Delivery, CompletionStage<Settlement>>> settlements = List.of(
                Delivery::ack,
                delivery -> delivery.retry(Duration.ZERO, "too late"),
                delivery -> delivery.deadLetter("too late"),
                Delivery::release);
        for (Function<Delivery, CompletionStage<Settlement>> settlement : settlements) {
            Message sent = trial.publish();
            CollectingSubscriber late = trial.joinBackend(trial.group());
            Delivery stale = late.requestNext();
            trial.clock().advance(BEYOND_THE_LEASE);
            if (!trial.has(Feature.COUNTS_CRASHES)) {
                trial.ledger().allowDuplicates(2 * settlements.size());
            }
            CollectingSubscriber member = trial.join(trial.colleague(), trial.group(), delivery -> {});
            Delivery current = member.requestNext();
            assertThat(current.message()).isEqualTo(sent);

            assertThat(Await.result(settlement.apply(stale)))
                    .as("a stale settlement")
                    .isEqualTo(STALE);

            trial.clock().advance(BEYOND_THE_LEASE);
            CollectingSubscriber third = trial.joinBackend(trial.group());
            Delivery last = third.requestNext();
            assertThat(last.message())
                    .as("a message that only a stale settlement named")
                    .isEqualTo(sent);
            assertThat(Await.result(last.ack())).isEqualTo(SETTLED);
            assertThat(Await.result(current.ack()))
                    .as("the middle one is stale now")
                    .isIn(STALE, ALREADY_SETTLED);
            List.of(late, member, third).forEach(CollectingSubscriber::cancel);
        }
        assertThat(trial.stats(trial.group()).dead()).isZero();
    }

    @Case(40)
    void aRetryComesAfterItsDelayAndHoldsUpNobody(Trial trial) {
        trial.publish();
        CollectingSubscriber member = trial.join(trial.group());
        Delivery failed = member.requestNext();
        Duration delay = Duration.ofSeconds(2);
        long start = System.nanoTime();
        try (Stopwatch stopwatch = Stopwatch.start()) {
            Await.result(failed.retry(delay, "later"));
            Message other = trial.publish();
            Delivery between = member.requestNext();
            assertThat(between.message()).as("what comes during the delay").isEqualTo(other);
            Await.result(between.ack());
            Delivery again = member.requestNext();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(delay.minusMillis(20));
            assertThat(stopwatch.elapsed()).isLessThan(delay.plusMillis(1500));
            assertThat(again.message()).isEqualTo(failed.message());
            assertThat(again.attempt()).isEqualTo(2);
            Await.result(again.ack());
        }
    }

    @Case(41)
    void aFailingHandlerMakesNoHotLoop(Trial trial) {
        trial.set(QueueSettings.RETRY_BACKOFF, "200ms").set(QueueSettings.MAX_ATTEMPTS, "1000");
        AtomicInteger calls = new AtomicInteger();
        trial.publish();
        Worker worker = Worker.start(trial.queue(), trial.group(), 4, delivery -> {
            calls.incrementAndGet();
            throw new IllegalStateException("this handler always fails");
        });
        try (worker) {
            Await.until("it is tried again", () -> calls.get() >= 2);
            Await.holds("backoff of 200 ms, doubling: few calls", Duration.ofMillis(1200), () -> calls.get() <= 4);
        }
    }

    @Case(47)
    void aReleaseBurnsNoAttempt(Trial trial) {
        trial.publish();
        for (int i = 0; i < 8; i++) { // more often than QUEUE_MAX_ATTEMPTS
            CollectingSubscriber member = trial.join(trial.colleague(), trial.group(), delivery -> {});
            Delivery delivery = member.requestNext();
            assertThat(delivery.attempt()).as("attempt after a release").isEqualTo(1);
            assertThat(Await.result(delivery.release())).isEqualTo(SETTLED);
            member.cancel();
        }
        Delivery failed = trial.join(trial.group()).requestNext();
        Await.result(failed.retry(Duration.ZERO, "a failure counts"));
        Delivery last = trial.join(trial.group()).requestNext();
        assertThat(last.attempt()).isEqualTo(2);
        Await.result(last.ack());
    }

    @Case(48)
    void acksOutOfOrderSettleWhatTheyName(Trial trial) {
        trial.publish(3, null);
        CollectingSubscriber member = trial.joinBackend(trial.group()).request(3);
        List<Delivery> three = member.next(3);
        Await.result(three.get(2).ack());
        Await.result(three.get(0).ack());
        member.cancel();
        trial.clock().advance(BEYOND_THE_LEASE);
        if (!trial.has(Feature.COUNTS_CRASHES)) {
            trial.ledger().allowDuplicates(1);
        }
        Message marker = trial.publish();
        CollectingSubscriber other =
                trial.join(trial.colleague(), trial.group(), Delivery::ack).request(2);
        assertThat(other.next(2))
                .as("the one that was not acked, and the next")
                .extracting(Delivery::message)
                .containsExactlyInAnyOrder(three.get(1).message(), marker);
    }

    @Case(49)
    void ofABatchWhatIsNotAckedComesAgain(Trial trial) {
        List<Message> sent = trial.publish(100, null);
        CollectingSubscriber member = trial.join(trial.group()).request(100);
        List<Delivery> batch = member.next(100);
        Message acked = batch.get(40).message();
        Await.result(batch.get(40).ack());
        if (trial.has(Feature.DURABLE)) {
            trial.reopen();
        } else {
            member.cancel();
        }
        trial.clock().advance(BEYOND_THE_LEASE);
        if (!trial.has(Feature.COUNTS_CRASHES)) {
            trial.ledger().allowDuplicates(99);
        }
        CollectingSubscriber next =
                trial.join(trial.queue(), trial.group(), Delivery::ack).request(100);
        Set<String> rest = new TreeSet<>(sent.stream().map(Message::id).toList());
        rest.remove(acked.id());
        assertThat(PublishCases.ids(next.next(99))).as("all but the acked one").isEqualTo(rest);
    }

    @Case(50)
    void failuresInOneGroupLeaveTheOthersAlone(Trial trial) {
        trial.set(QueueSettings.MAX_ATTEMPTS, "1000000").set(QueueSettings.RETRY_BACKOFF, "1ms");
        String failing = trial.newGroup();
        CollectingSubscriber storm =
                trial.join(trial.queue(), failing, delivery -> delivery.retry(Duration.ofMillis(1), "always fails"));
        storm.request(Long.MAX_VALUE);
        List<Message> sent = trial.publish(50, null);
        CollectingSubscriber calm =
                trial.join(trial.colleague(), trial.group(), Delivery::ack).request(50);
        List<Delivery> deliveries = calm.next(50);
        assertThat(deliveries).extracting(Delivery::message).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(deliveries).extracting(Delivery::attempt).containsOnly(1);
        Await.until("the storm rages", () -> storm.count() > 100);
        storm.cancel();
    }
}
