package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Deliveries;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueClosedException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** What closing gives back, and how long it takes. */
abstract class ShutdownCases {

    private static final Duration A_WHILE = Duration.ofMillis(200);

    @Case(76)
    void aCancelledMemberIsHandedNothingMoreAndMayStillSettle(Trial trial) {
        List<Message> sent = trial.publish(20, null);
        CollectingSubscriber member = trial.join(trial.group()).request(5);
        List<Delivery> held = member.next(5);
        member.cancel();
        member.cancel();
        CollectingSubscriber next =
                trial.join(trial.colleague(), trial.group(), delivery -> {}).request(100);
        List<Delivery> rest = next.next(15);
        assertThat(member.count()).as("handed to the one that left").isEqualTo(5);
        assertThat(Await.result(held.get(0).ack())).isEqualTo(Settlement.SETTLED);
        assertThat(Await.result(held.get(1).release())).isEqualTo(Settlement.SETTLED);
        assertThat(next.next().message())
                .as("what the one that left gave back")
                .isEqualTo(held.get(1).message());
        assertThat(next.received())
                .as("attempts after a member left")
                .extracting(Delivery::attempt)
                .containsOnly(1);
        rest.forEach(Delivery::ack);
        next.received().get(15).ack();
        held.subList(2, 5).forEach(Delivery::ack);
        assertThat(sent).hasSize(20);
    }

    @Case(76)
    void whatWasFetchedAndNotHandedOutGoesBackWithoutAnAttempt(Trial trial) {
        int count = 200;
        trial.publish(count, null);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        AtomicReference<CollectingSubscriber> self = new AtomicReference<>();
        CollectingSubscriber blocked = trial.join(trial.queue(), trial.group(), delivery -> {
            entered.countDown();
            waitFor(leave);
            self.get().cancel();
        });
        self.set(blocked);
        CompletableFuture<Void> requesting = CompletableFuture.runAsync(() -> blocked.request(Long.MAX_VALUE));
        waitFor(entered); // it holds one, and has asked for all
        leave.countDown();
        requesting.join();
        CollectingSubscriber next =
                trial.join(trial.colleague(), trial.group(), Delivery::ack).request(Long.MAX_VALUE);
        Await.until(
                () -> "the rest comes; " + next.count() + " of " + (count - 1),
                Await.bound(),
                () -> next.count() >= count - blocked.count());
        assertThat(blocked.count()).as("handed to the one that left").isEqualTo(1);
        assertThat(next.received())
                .as("attempts of what was given back")
                .extracting(Delivery::attempt)
                .containsOnly(1);
        Await.result(blocked.received().get(0).ack());
    }

    @Case({76, 49})
    void theIteratorGivesBackWhatItFetchedAndDidNotHandOut(Trial trial) {
        trial.set(QueueSettings.PREFETCH, "16");
        List<Message> sent = trial.publish(40, null);
        try (Deliveries deliveries = trial.queue().deliveries(trial.group())) {
            for (int i = 0; i < 5; i++) {
                Await.result(deliveries.poll(Await.bound()).orElseThrow().ack());
            }
        }
        CollectingSubscriber next =
                trial.join(trial.colleague(), trial.group(), Delivery::ack).request(100);
        List<Delivery> rest = next.next(sent.size() - 5);
        assertThat(rest)
                .as("attempts of what was given back")
                .extracting(Delivery::attempt)
                .containsOnly(1);
    }

    @Case(76)
    void aClosedQueueEndsItsStreamsAndHandsOutNothingMore(Trial trial) {
        trial.publish(3, null);
        CollectingSubscriber member = trial.join(trial.group()).request(3);
        member.next(3);
        CollectingSubscriber idle = trial.join(trial.newGroup()).request(1);
        List<CompletableFuture<Void>> closes = new ArrayList<>();
        try (Stopwatch stopwatch = Stopwatch.start()) {
            for (int i = 0; i < 3; i++) {
                closes.add(CompletableFuture.runAsync(() -> trial.queue().close()));
            }
            closes.forEach(CompletableFuture::join);
            assertThat(stopwatch.elapsed()).as("time to close").isLessThan(Duration.ofSeconds(5));
        }
        assertThat(Await.failure("a stream of a closed queue", member.ended()))
                .isInstanceOf(QueueClosedException.class);
        assertThat(Await.failure("an idle stream of a closed queue", idle.ended()))
                .isInstanceOf(QueueClosedException.class);
        assertThat(member.count()).isEqualTo(3);
        if (trial.has(Feature.DURABLE)) {
            trial.reopen();
            trial.clock().advance(Duration.ofMinutes(2));
            if (!trial.has(Feature.COUNTS_CRASHES)) {
                trial.ledger().allowDuplicates(3);
            }
            CollectingSubscriber next =
                    trial.join(trial.queue(), trial.group(), Delivery::ack).request(3);
            assertThat(PublishCases.ids(next.next(3))).isEqualTo(PublishCases.ids(member.received()));
        }
    }

    @Case(76)
    void aWorkerDrains(Trial trial) {
        trial.set(QueueSettings.PREFETCH, "10");
        trial.publish(30, null);
        CountDownLatch entered = new CountDownLatch(2);
        CountDownLatch leave = new CountDownLatch(1);
        AtomicInteger handled = new AtomicInteger();
        Worker worker = Worker.start(trial.queue(), trial.group(), 2, delivery -> {
            entered.countDown();
            waitFor(leave);
            handled.incrementAndGet();
        });
        waitFor(entered);
        CompletableFuture<Boolean> closing = CompletableFuture.supplyAsync(() -> worker.close(Await.bound()));
        CollectingSubscriber next =
                trial.join(trial.colleague(), trial.group(), Delivery::ack).request(100);
        next.next(28);
        assertThat(closing).as("a drain while handlers run").isNotDone();
        leave.countDown();
        assertThat(closing.join()).as("drained in time").isTrue();
        assertThat(handled).as("handlers that ran").hasValue(2);
        assertThat(next.received())
                .as("attempts of what the worker gave back")
                .extracting(Delivery::attempt)
                .containsOnly(1);
        Await.holds("what was handled does not come again", A_WHILE, () -> next.count() == 28);
        assertThat(worker.ended().toCompletableFuture()).isCompleted();
    }

    @Case(76)
    void aStuckHandlerDoesNotHoldUpClosing(Trial trial) {
        trial.publish();
        CountDownLatch entered = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Worker worker = Worker.start(trial.queue(), trial.group(), 1, delivery -> {
            entered.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            }
        });
        waitFor(entered);
        long start = System.nanoTime();
        try (Stopwatch stopwatch = Stopwatch.start()) {
            assertThat(worker.close(Duration.ofMillis(300))).as("drained").isFalse();
            assertThat(stopwatch.elapsed()).isLessThan(Duration.ofSeconds(3));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(250));
        Await.until("the stuck handler is interrupted", interrupted::get);
    }

    @Case(76)
    void closingFromInsideAHandlerDoesNotDeadlock(Trial trial) {
        trial.publish(5, null);
        AtomicReference<Worker> worker = new AtomicReference<>();
        CompletableFuture<Boolean> drained = new CompletableFuture<>();
        CountDownLatch ready = new CountDownLatch(1);
        worker.set(Worker.start(trial.queue(), trial.group(), 1, delivery -> {
            waitFor(ready);
            drained.complete(worker.get().close(Duration.ofSeconds(5)));
        }));
        ready.countDown();
        assertThat(Await.result(drained)).as("drained").isTrue();
        CollectingSubscriber next =
                trial.join(trial.colleague(), trial.group(), Delivery::ack).request(10);
        assertThat(next.next(4)).extracting(Delivery::attempt).containsOnly(1);
        Await.until(
                "the closing handler's own message is acked",
                () -> trial.ledger().unacknowledged(trial.group()).isEmpty());
    }

    @Case(76)
    void closingTheQueueFromASubscriberDoesNotDeadlock(Trial trial) {
        trial.publish();
        CompletableFuture<Duration> took = new CompletableFuture<>();
        trial.join(trial.queue(), trial.group(), delivery -> {
                    try (Stopwatch stopwatch = Stopwatch.start()) {
                        trial.queue().close();
                        took.complete(stopwatch.elapsed());
                    }
                })
                .request(1);
        assertThat(Await.result(took)).isLessThan(Duration.ofSeconds(6));
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(Await.bound().toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
    }
}
