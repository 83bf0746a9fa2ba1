package dev.slackline.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerTest {

    private static final String GROUP = "bots";

    private final dev.slackline.queue.Queue queue = dev.slackline.queue.Queue.fromEnv(Map.of(
            "QUEUE_BACKEND", "memory",
            "QUEUE_GROUPS", GROUP,
            "QUEUE_MAX_ATTEMPTS", "3",
            "QUEUE_RETRY_BACKOFF", "10ms"));

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void messagesOfOneOrderingKeyAreHandledInOrder() throws InterruptedException {
        Map<String, Queue<Object>> handled = new ConcurrentHashMap<>();
        CountDownLatch all = new CountDownLatch(300);
        for (int i = 0; i < 300; i++) {
            String lane = "T1/C" + i % 3;
            queue.publish(Message.of("k", Payload.of(Map.of("n", i))).withOrderingKey(lane))
                    .join();
        }
        try (Worker worker = Worker.start(queue, GROUP, 8, delivery -> {
            String lane = String.valueOf(delivery.message().orderingKey());
            handled.computeIfAbsent(lane, unused -> new ConcurrentLinkedQueue<>())
                    .add(delivery.message().payload().asMap().get("n"));
            all.countDown();
        })) {
            assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
        }
        for (int lane = 0; lane < 3; lane++) {
            List<Object> expected = new ArrayList<>();
            for (int i = lane; i < 300; i += 3) {
                expected.add(i);
            }
            assertThat(handled.get("T1/C" + lane)).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void aRetryHoldsBackTheLaterMessagesOfItsOrderingKey() throws InterruptedException {
        Queue<Object> handled = new ConcurrentLinkedQueue<>();
        CountDownLatch all = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            queue.publish(Message.of("k", Payload.of(Map.of("n", i))).withOrderingKey("T1/C1"))
                    .join();
        }
        try (Worker worker = Worker.start(queue, GROUP, 3, delivery -> {
            handled.add(delivery.message().payload().asMap().get("n") + "." + delivery.attempt());
            if (delivery.attempt() == 1 && handled.size() == 1) {
                throw new IllegalStateException("the first try of the first message");
            }
            all.countDown();
        })) {
            assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(handled).containsExactly("0.1", "0.2", "1.1", "2.1");
    }

    @Test
    void noMoreHandlersRunThanAllowed() throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch fourRun = new CountDownLatch(4);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(40);
        publish(40);
        try (Worker worker = Worker.start(queue, GROUP, 4, delivery -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            fourRun.countDown();
            goOn.await();
            running.decrementAndGet();
            all.countDown();
        })) {
            assertThat(fourRun.await(20, TimeUnit.SECONDS)).isTrue();
            goOn.countDown();
            assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(most).hasValue(4);
    }

    @Test
    void aHandlerThatKeepsFailingLeavesADeadLetterWithTheReason() throws Exception {
        Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
        Message sent = publish(1).get(0);
        try (Worker worker = Worker.start(queue, GROUP, 1, delivery -> {
            attempts.add(delivery.attempt());
            throw new IllegalStateException("the moon is full");
        })) {
            DeadLetter dead = awaitDead();
            assertThat(attempts).containsExactly(1, 2, 3);
            assertThat(dead.message()).isEqualTo(sent);
            assertThat(dead.last().attempts()).isEqualTo(3);
            assertThat(dead.last().reason()).contains("the moon is full");
        }
    }

    @Test
    void aHandlerMayGiveUpAtOnce() throws Exception {
        publish(1);
        try (Worker worker = Worker.start(queue, GROUP, 1, delivery -> {
            throw new DeadLetterException("no such customer");
        })) {
            assertThat(awaitDead().last()).satisfies(death -> {
                assertThat(death.attempts()).isEqualTo(1);
                assertThat(death.reason()).isEqualTo("no such customer");
            });
        }
    }

    @Test
    void aHandlerMayChooseTheDelay() throws InterruptedException {
        publish(1);
        AtomicLong first = new AtomicLong();
        CountDownLatch second = new CountDownLatch(1);
        AtomicLong gap = new AtomicLong();
        try (Worker worker = Worker.start(queue, GROUP, 1, delivery -> {
            if (first.compareAndSet(0, System.nanoTime())) {
                throw new RetryLaterException(Duration.ofMillis(250));
            }
            gap.set(System.nanoTime() - first.get());
            second.countDown();
        })) {
            assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(Duration.ofNanos(gap.get())).isGreaterThanOrEqualTo(Duration.ofMillis(245));
        }
    }

    @Test
    void aSlowHandlerKeepsItsLease() throws InterruptedException {
        SettableLeases leases = new SettableLeases(GROUP);
        AtomicInteger deliveries = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        try (dev.slackline.queue.Queue timed = leases.queue()) {
            timed.publish("k", Map.of()).join();
            try (Worker worker = Worker.start(timed, GROUP, 2, delivery -> {
                deliveries.incrementAndGet();
                leases.goOn(5, 1);
                done.countDown();
            })) {
                assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(deliveries).hasValue(1);
            assertThat(timed.group(GROUP).stats().toCompletableFuture().join().waiting())
                    .isZero();
        }
    }

    @Test
    void drainingFinishesWhatRunsAndGivesBackTheRest() throws InterruptedException {
        publish(10);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger handled = new AtomicInteger();
        Worker worker = Worker.start(queue, GROUP, 1, delivery -> {
            running.countDown();
            goOn.await();
            handled.incrementAndGet();
        });
        assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
        Thread closing = new Thread(
                () -> assertThat(worker.close(Duration.ofSeconds(30))).isTrue());
        closing.start();
        awaitStats(stats -> stats.ready() == 9 && stats.inFlight() == 1);
        goOn.countDown();
        closing.join(30_000);
        assertThat(handled).hasValue(1);
        GroupStats after = queue.group(GROUP).stats().toCompletableFuture().join();
        assertThat(after.ready()).isEqualTo(9);
        assertThat(after.inFlight()).isZero();
        try (Deliveries deliveries = queue.deliveries(GROUP)) {
            assertThat(deliveries.next().attempt()).isEqualTo(1);
        }
    }

    @Test
    void closingReturnsInTimeThoughAHandlerIsStuck() throws InterruptedException {
        publish(1);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Worker worker = Worker.start(queue, GROUP, 1, delivery -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                interrupted.countDown();
            }
        });
        assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(worker.close(Duration.ofMillis(100))).isFalse();
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aHandlerMayCloseItsOwnWorker() throws InterruptedException {
        publish(1);
        CompletableFuture<Worker> worker = new CompletableFuture<>();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        worker.complete(Worker.start(queue, GROUP, 1, delivery -> {
            started.await();
            worker.join().close(Duration.ofMinutes(1));
            closed.countDown();
        }));
        started.countDown();
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aHandlerThatClosedItsWorkerKeepsItsLease() {
        SettableLeases leases = new SettableLeases(GROUP);
        CompletableFuture<Worker> worker = new CompletableFuture<>();
        CompletableFuture<Settlement> settled = new CompletableFuture<>();
        try (dev.slackline.queue.Queue timed = leases.queue()) {
            timed.publish("k", Map.of()).join();
            worker.complete(Worker.start(timed, GROUP, 1, delivery -> {
                worker.join().close(Duration.ofSeconds(30));
                try (Deliveries others = timed.deliveries(GROUP)) {
                    leases.goOn(5, 1);
                    assertThat(others.poll(Duration.ofMillis(100))).isEmpty();
                }
                delivery.ack().thenAccept(settled::complete);
            }));
            assertThat(settled.completeOnTimeout(Settlement.STALE, 30, TimeUnit.SECONDS)
                            .join())
                    .isEqualTo(Settlement.SETTLED);
        }
    }

    @Test
    void closingMayTakeForEver() {
        Worker worker = Worker.start(queue, GROUP, 1, delivery -> {});
        assertThat(worker.close(ChronoUnit.FOREVER.getDuration())).isTrue();
    }

    @Test
    void handlersThatCloseTheirWorkerAtOnceDoNotWaitForEachOther() throws InterruptedException {
        publish(2);
        CompletableFuture<Worker> worker = new CompletableFuture<>();
        CountDownLatch bothRun = new CountDownLatch(2);
        Queue<Boolean> drained = new ConcurrentLinkedQueue<>();
        CountDownLatch closed = new CountDownLatch(2);
        worker.complete(Worker.start(queue, GROUP, 2, delivery -> {
            bothRun.countDown();
            bothRun.await();
            drained.add(worker.join().close(Duration.ofSeconds(30)));
            closed.countDown();
        }));
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(drained).containsExactly(true, true);
    }

    @Test
    void droppingTheGroupEndsTheWorkerWithAnError() {
        Worker worker = Worker.start(queue, GROUP, 1, delivery -> {});
        queue.group(GROUP).drop();
        assertThatThrownBy(() -> worker.ended().toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("was dropped");
        worker.close();
    }

    private List<Message> publish(int count) {
        List<Message> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(queue.publish("k", Map.of("n", i)).join());
        }
        return sent;
    }

    private DeadLetter awaitDead() {
        awaitStats(stats -> stats.dead() == 1);
        return queue.group(GROUP)
                .deadLetters()
                .list(null, 10)
                .toCompletableFuture()
                .join()
                .get(0);
    }

    private void awaitStats(Predicate<GroupStats> condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        GroupStats stats;
        do {
            LockSupport.parkNanos(1_000_000);
            stats = queue.group(GROUP).stats().toCompletableFuture().join();
        } while (!condition.test(stats) && System.nanoTime() < deadline);
        assertThat(stats).matches(condition);
    }
}
