package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Worker;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** How messages are handed out. */
abstract class ConsumeCases {

    private static final Duration A_WHILE = Duration.ofMillis(100);

    @Case(25)
    void noMoreIsHandedOutThanWasRequested(Trial trial) {
        trial.publish(30, null);
        for (CollectingSubscriber member : List.of(trial.join(trial.group()), trial.joinBackend(trial.group()))) {
            Await.holds("nothing is handed out before a request", A_WHILE, () -> member.count() == 0);
            member.request(3).next(3);
            Await.holds("3 requested, 3 handed out", A_WHILE, () -> member.count() == 3);
            member.request(1).request(2).next(3);
            Await.holds("6 requested, 6 handed out", A_WHILE, () -> member.count() == 6);
            member.received().forEach(Delivery::ack);
            Await.holds("an ack is no request", A_WHILE, () -> member.count() == 6);
            member.cancel();
        }
    }

    @Case(25)
    void aRequestOfNothingEndsTheStreamWithAnError(Trial trial) {
        trial.group();
        for (long n : new long[] {0, -1, Long.MIN_VALUE}) {
            assertThat(Await.failure(
                            "request(" + n + ")",
                            trial.join(trial.group()).request(n).ended()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(Await.failure(
                            "request(" + n + ")",
                            trial.joinBackend(trial.group()).request(n).ended()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Case(26)
    void noMoreIsInFlightThanWasRequested(Trial trial) {
        trial.requires(Feature.EXACT_STATS);
        trial.publish(50, null);
        CollectingSubscriber member = trial.join(trial.group()).request(5);
        member.next(5);
        Await.holds(
                "5 requested, 5 in flight",
                A_WHILE,
                () -> trial.stats(trial.group()).inFlight() == 5);
        member.received().forEach(Delivery::ack);
        Await.until(
                "none in flight after the acks",
                () -> trial.stats(trial.group()).inFlight() == 0);
        assertThat(trial.stats(trial.group()).ready()).isEqualTo(45);
    }

    @Case(27)
    void aSlowConsumerKeepsMemoryFlatAndStarvesNobody(Trial trial) {
        int backlog = Scale.of(5_000, 100_000);
        trial.publish(backlog, null);
        long heap = HeapGauge.used();
        CollectingSubscriber slow = trial.join(trial.group()).request(1);
        slow.next();
        CollectingSubscriber quick = trial.join(trial.colleague(), trial.group(), Delivery::ack);
        quick.request(Long.MAX_VALUE);
        Await.until(
                () -> "the others get the whole backlog; " + quick.count() + " of " + (backlog - 1),
                Duration.ofSeconds(60),
                () -> quick.count() == backlog - 1);
        assertThat(slow.count()).as("what the slow one holds").isEqualTo(1);
        quick.cancel();
        assertThat(HeapGauge.used() - heap).as("bytes of heap more").isLessThan(64L << 20);
        Await.result(slow.received().get(0).ack());
    }

    @Case(29)
    void anIdleConsumerIsIdleAndWakesAtOnce(Trial trial) {
        CollectingSubscriber member = trial.join(trial.group()).request(10);
        CollectingSubscriber elsewhere =
                trial.join(trial.colleague(), trial.newGroup(), delivery -> {}).request(10);
        trial.publish();
        Await.result(member.next().ack());
        Await.result(elsewhere.next().ack());
        long before = cpuNanos();
        Duration idle = Duration.ofSeconds(Scale.of(1, 60));
        Await.holds("nothing comes", idle, () -> member.count() == 1);
        long used = cpuNanos() - before;
        assertThat(used).as("CPU nanoseconds used while idle").isLessThan(idle.toNanos() / 3);
        Duration woken = Stopwatch.median(5, () -> {
            trial.publish();
            Await.result(member.next().ack());
            Await.result(elsewhere.next().ack());
        });
        assertThat(woken).as("time until both have it").isLessThan(Duration.ofSeconds(1));
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    @Case({30, 31, 39})
    void theAttemptGrowsByOneWithEachFailureAndTheMessageStaysTheSame(Trial trial) {
        Message sent = trial.publish();
        CollectingSubscriber member = trial.joinBackend(trial.group());
        for (int attempt = 1; attempt <= 4; attempt++) {
            Delivery delivery = member.requestNext();
            assertThat(delivery.attempt()).as("attempt").isEqualTo(attempt);
            assertThat(delivery.message()).isEqualTo(sent);
            Await.result(delivery.retry(Duration.ZERO, "try again"));
        }
        Delivery last = member.requestNext();
        assertThat(last.attempt()).as("attempt").isEqualTo(5);
        Await.result(last.ack());
    }

    @Case({30, 55})
    void anExpiredLeaseIsAFailedAttempt(Trial trial) {
        trial.set(QueueSettings.LEASE, "300ms");
        Message sent = trial.publish();
        Delivery first = trial.join(trial.group()).requestNext();
        assertThat(first.attempt()).isEqualTo(1);
        Delivery second =
                trial.join(trial.colleague(), trial.group(), delivery -> {}).requestNext();
        assertThat(second.message()).isEqualTo(sent);
        assertThat(second.attempt()).as("attempt after an expired lease").isEqualTo(countsCrashes(trial) ? 2 : 1);
        Await.result(second.ack());
    }

    private static boolean countsCrashes(Trial trial) {
        if (!trial.has(Feature.COUNTS_CRASHES)) {
            trial.ledger().allowDuplicates(1);
        }
        return trial.has(Feature.COUNTS_CRASHES);
    }

    @Case(32)
    void aWorkerRenewsTheLeaseOfASlowHandler(Trial trial) {
        trial.set(QueueSettings.LEASE, "600ms");
        AtomicInteger handled = new AtomicInteger();
        AtomicInteger started = new AtomicInteger();
        trial.group();
        CollectingSubscriber rival = trial.join(trial.colleague(), trial.group(), delivery -> {});
        try (Worker worker = Worker.start(trial.queue(), trial.group(), 1, delivery -> {
            started.incrementAndGet();
            Await.holds("the handler is slow", Duration.ofMillis(1500), () -> true);
            handled.incrementAndGet();
        })) {
            trial.publish();
            Await.until("the handler starts", () -> started.get() == 1);
            rival.request(1);
            Await.until("the handler ends", () -> handled.get() == 1);
            Await.until(
                    "the message is settled",
                    () -> trial.ledger().unacknowledged(trial.group()).isEmpty());
            assertThat(worker.ended().toCompletableFuture()).isNotDone();
        }
        assertThat(started).hasValue(1);
        assertThat(rival.count())
                .as("deliveries to others while the handler ran")
                .isZero();
    }

    @Case({32, 38})
    void withoutRenewalASlowHandlerLosesItsLease(Trial trial) {
        trial.set(QueueSettings.LEASE, "300ms");
        trial.publish();
        Delivery slow = trial.join(trial.group()).requestNext();
        assertThat(Await.result(slow.renew()))
                .as("a lease that is held is renewed")
                .isTrue();
        countsCrashes(trial);
        Delivery other =
                trial.join(trial.colleague(), trial.group(), delivery -> {}).requestNext();
        assertThat(Await.result(slow.renew()))
                .as("a lease that is lost is not renewed")
                .isFalse();
        assertThat(Await.result(slow.ack())).isEqualTo(Settlement.STALE);
        assertThat(Await.result(other.ack())).isEqualTo(Settlement.SETTLED);
    }

    @Case(33)
    void aSubscriberThatThrowsLosesNoMessage(Trial trial) {
        Message sent = trial.publish();
        AtomicInteger thrown = new AtomicInteger();
        trial.join(trial.queue(), trial.group(), delivery -> {
                    trial.ledger().mayRepeat(trial.group(), delivery.message().id());
                    thrown.incrementAndGet();
                    throw new IllegalStateException("this subscriber always throws");
                })
                .request(1);
        Await.until("it throws", () -> thrown.get() == 1);
        Delivery again =
                trial.join(trial.colleague(), trial.group(), delivery -> {}).requestNext();
        assertThat(again.message()).isEqualTo(sent);
        assertThat(again.attempt()).as("attempt after a subscriber that threw").isEqualTo(1);
        Await.result(again.ack());
    }

    @Case(34)
    void aPauseWithoutDemandLosesNothing(Trial trial) {
        trial.set(QueueSettings.LEASE, "200ms");
        CollectingSubscriber member = trial.join(trial.group());
        trial.publish();
        Await.result(member.requestNext().ack());
        List<Message> sent = trial.publish(5, null);
        Await.holds("nothing comes while paused", Duration.ofMillis(700), () -> member.count() == 1);
        member.request(5);
        List<Delivery> deliveries = member.next(5);
        deliveries.forEach(delivery -> Await.result(delivery.ack()));
        assertThat(deliveries).extracting(Delivery::attempt).containsOnly(1);
        assertThat(deliveries).extracting(Delivery::message).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Case(35)
    void headersAreExactAndTooManyOrTooLongAreRefused(Trial trial) {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < 50; i++) {
            headers.put("Header-" + i, "value " + i);
        }
        headers.put("header-0", "the same name in lower case");
        headers.put("empty", "");
        headers.put("größe", "日本 \uD83D\uDE80 \" ' ; = , \n\t");
        headers.put("long", "ü".repeat(4096));
        Message sent = trial.publish(trial.newMessage().withHeaders(headers));
        Delivery delivery = trial.join(trial.group()).requestNext();
        assertThat(delivery.message().headers()).isEqualTo(headers);
        Await.result(delivery.ack());

        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 65; i++) {
            many.put("h" + i, "");
        }
        assertThatThrownBy(() -> sent.withHeaders(many)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sent.withHeaders(Map.of("long", "x".repeat(8193))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
