package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Status;
import dev.slackline.queue.testkit.broker.FaultyProxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** What is kept when the broker runs and the way to it is bad: cut, silent, slow, forged, or with another clock. */
abstract class NetworkCases {

    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration A_MOMENT = Duration.ofSeconds(1);
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    @Case(7)
    void aBadCertificateFailsClosed(Trial trial) {
        BrokerHarness broker = trial.broker();
        Map<String, String> trusted =
                broker.trusted().orElseThrow(() -> Trial.skipped("the broker of the harness speaks no TLS"));
        trial.on(trusted).set(QueueSettings.PUBLISH_TIMEOUT, PUBLISH_TIMEOUT.toMillis() + "ms");
        Message sent = trial.publish();
        CollectingSubscriber member =
                trial.join(trial.queue(), trial.group(), Delivery::ack).request(10);
        assertThat(member.next().message()).isEqualTo(sent);
        assertThat(broker.distrusted())
                .as("certificates that are not to be trusted")
                .isNotEmpty();
        broker.distrusted().forEach((what, settings) -> failsClosed(trial, what, settings));
        Message last = trial.publish();
        assertThat(member.next().message()).as("what came through").isEqualTo(last);
    }

    /** Either it is refused when it is opened, or nothing can be published through it. */
    private static void failsClosed(Trial trial, String what, Map<String, String> settings) {
        try (Queue queue = trial.openWith(settings)) {
            Await.failure("a publish with " + what, queue.publish(trial.newMessage()));
        } catch (QueueException refused) {
            assertThat(refused.retryable())
                    .as("retryable: " + refused.getMessage())
                    .isFalse();
        }
        trial.note(what + " is refused");
    }

    @Case(68)
    void afterACutConsumingGoesOn(Trial trial) {
        FaultyProxy proxy = trial.proxy();
        OutageCases.disturb(trial, 3, proxy::cut);
    }

    @Case(68)
    void aBlackHoleIsNoticedAndPublishesKeepTheirDeadline(Trial trial) {
        FaultyProxy proxy = trial.proxy();
        Traffic.prepare(trial, PUBLISH_TIMEOUT);
        try (Traffic traffic = Traffic.start(trial)) {
            traffic.awaitConfirmed(100);
            proxy.blackHole();
            trial.note("noticed after " + noticed(trial.colleague()).toMillis() + " ms");
            Await.until(
                    "the publisher says so, too", () -> trial.queue().status().state() == Status.State.DOWN);
            proxy.heal();
            Duration took = traffic.awaitFlow(OutageCases.flowsAgainWithin());
            trial.note("flowing again within " + took.toMillis() + " ms");
            traffic.finish(1);
            assertThat(traffic.slowestPublish())
                    .as("time until a publish was confirmed or failed")
                    .isLessThan(PUBLISH_TIMEOUT.plus(A_MOMENT));
        }
    }

    @Case(68)
    void aBlackHoleIsNoticedByAnIdleConsumer(Trial trial) {
        FaultyProxy proxy = trial.proxy();
        CollectingSubscriber member =
                trial.join(trial.queue(), trial.group(), Delivery::ack).request(Long.MAX_VALUE);
        Message first = trial.publish();
        assertThat(member.next().message()).isEqualTo(first);
        proxy.blackHole();
        trial.note("noticed while idle after " + noticed(trial.queue()).toMillis() + " ms");
        proxy.heal();
        trial.ledger().allowDuplicates(1);
        Message second = Await.result(trial.queue().publish(trial.newMessage()));
        Await.until(
                "it consumes again", () -> PublishCases.ids(member.received()).contains(second.id()));
    }

    /** Waits until a silent connection is taken for lost, at most 15 seconds. */
    private static Duration noticed(Queue queue) {
        long start = System.nanoTime();
        Await.until(
                () -> "a silent connection is noticed; it says " + queue.status(),
                Await.bound(),
                () -> queue.status().state() == Status.State.DOWN);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Case(69)
    void aSlowNetworkLosesNothing(Trial trial) {
        FaultyProxy proxy = trial.proxy();
        Traffic.prepare(trial, Duration.ofSeconds(30));
        try (Traffic traffic = Traffic.start(trial)) {
            proxy.delay(Duration.ofMillis(500));
            proxy.stall(0.05, Duration.ofSeconds(1));
            traffic.awaitConfirmed(100, A_MINUTE); // every answer takes a second or two
            proxy.heal();
            traffic.finish(1);
        }
    }

    @Case(71)
    void clocksAnHourApartStealNoLease(Trial trial) {
        if (trial.harness().isEmbedded()) {
            throw Trial.skipped("not applicable: embedded, every process on the machine has the same clock");
        }
        InstantSource ahead = InstantSource.offset(trial.clock(), Duration.ofHours(1));
        InstantSource behind = InstantSource.offset(trial.clock(), Duration.ofHours(-1));
        for (InstantSource clock : List.of(ahead, behind)) {
            trial.publish(3, null);
            CollectingSubscriber holder = trial.join(trial.group()).request(3);
            List<Delivery> held = holder.next(3);
            CollectingSubscriber other = trial.join(trial.another(clock), trial.group(), delivery -> {})
                    .request(10);
            Message there = trial.publish();
            Delivery taken = other.next();
            assertThat(taken.message()).as("what the other one may have").isEqualTo(there);
            Await.holds("what is held stays with its holder", Duration.ofSeconds(1), () -> other.count() == 1);
            CollectingSubscriber third =
                    trial.join(trial.queue(), trial.group(), delivery -> {}).request(10);
            Await.holds("what the other one holds stays with it", A_MOMENT, () -> third.count() == 0);
            held.forEach(delivery -> assertThat(Await.result(delivery.ack())).isEqualTo(Settlement.SETTLED));
            assertThat(Await.result(taken.ack())).isEqualTo(Settlement.SETTLED);
            assertThat(holder.count()).isEqualTo(3);
            holder.cancel();
            other.cancel();
            third.cancel();
        }
    }
}
