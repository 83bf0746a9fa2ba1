package dev.slackline.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.spi.PullPublisher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stands between the backend's stream and the user's. */
class ConsumptionTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String GROUP = "bots";

    private final AtomicInteger subscriptions = new AtomicInteger();
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch resumed = new CountDownLatch(1);
    private volatile int failing;
    private volatile boolean retryable = true;
    private volatile boolean synchronous;

    private final Queue queue = queue();

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void aLostStreamIsMadeAgainAndItsListenerHearsOfIt() throws InterruptedException {
        failing = 2;
        try (Deliveries deliveries = queue.deliveries(GROUP)) {
            assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
            queue.publish("k", Map.of()).join();
            deliveries.poll(SOON).orElseThrow().ack();
            assertThat(resumed.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(subscriptions).hasValue(3);
            assertThat(queue.status().state()).isEqualTo(Status.State.UP);
        }
    }

    @Test
    void theQueueIsDownWhileAGroupIsNotConsumed() throws InterruptedException {
        failing = Integer.MAX_VALUE;
        Deliveries deliveries = queue.deliveries(GROUP);
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(queue.status().state()).isEqualTo(Status.State.DOWN);
        assertThat(queue.status().reason()).contains(GROUP);
        deliveries.close();
        assertThat(queue.status().state()).isEqualTo(Status.State.UP);
    }

    @Test
    void closingTheQueueEndsAStreamThatWaitsToBeMadeAgain() throws InterruptedException {
        failing = Integer.MAX_VALUE;
        Deliveries deliveries = queue.deliveries(GROUP);
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        queue.close();
        assertThat(deliveries.hasNext()).isFalse();
    }

    @Test
    void anErrorThatNothingMendsReachesTheUser() {
        failing = Integer.MAX_VALUE;
        retryable = false;
        try (Deliveries deliveries = queue.deliveries(GROUP)) {
            assertThatThrownBy(deliveries::hasNext).isInstanceOf(ConsumeException.class);
            assertThat(deliveries.hasNext()).isFalse();
        }
    }

    @Test
    void theQueueStaysDownAfterAStreamEndedForGoodUntilSomebodyConsumesAgain() {
        failing = 1;
        retryable = false;
        try (Deliveries deliveries = queue.deliveries(GROUP)) {
            assertThatThrownBy(deliveries::hasNext).isInstanceOf(ConsumeException.class);
        }
        assertThat(queue.status().state()).isEqualTo(Status.State.DOWN);
        assertThat(queue.status().reason()).contains("not consuming " + GROUP, "nothing will by itself");
        Deliveries again = queue.deliveries(GROUP);
        assertThat(queue.status().state()).isEqualTo(Status.State.UP);
        again.close();
        assertThat(queue.status().state()).isEqualTo(Status.State.UP);
    }

    @Test
    void neverMoreIsHandedOutThanRequestedThoughForeignMessagesAreInBetween() {
        queue.group(GROUP).declare().toCompletableFuture().join();
        List<Delivery> got = new ArrayList<>();
        CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        for (int i = 0; i < 10; i++) {
            publishForeign("no json");
            queue.publish("k", Map.of("n", i)).join();
        }
        queue.consume(GROUP).subscribe(new Subscriber(subscribed) {
            @Override
            public void onNext(Delivery delivery) {
                synchronized (got) {
                    got.add(delivery);
                }
            }
        });
        subscribed.join().request(3);
        subscribed.join().request(2);
        awaitDead(5);
        long deadline = System.nanoTime() + SOON.toNanos();
        while (size(got) < 5) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(size(got)).isEqualTo(5);
        DeadLetter dead = queue.group(GROUP)
                .deadLetters()
                .list(null, 1)
                .toCompletableFuture()
                .join()
                .get(0);
        assertThat(dead.message().payload().text()).isEqualTo("no json");
        assertThat(dead.last().reason()).contains("no JSON object");
        subscribed.join().cancel();
    }

    @Test
    void aSubscriberIsCalledWithoutALock() {
        queue.group(GROUP).declare().toCompletableFuture().join();
        synchronous = true;
        CompletableFuture<Boolean> requestedMeanwhile = new CompletableFuture<>();
        CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        queue.consume(GROUP).subscribe(new Subscriber(subscribed) {
            @Override
            public void onNext(Delivery delivery) {
                CompletableFuture<Void> other = CompletableFuture.runAsync(
                        () -> subscribed.join().request(1), task -> new Thread(task).start());
                try {
                    other.get(20, TimeUnit.SECONDS);
                    requestedMeanwhile.complete(true);
                } catch (InterruptedException | ExecutionException | TimeoutException e) {
                    requestedMeanwhile.complete(false);
                }
            }
        });
        subscribed.join().request(1);
        assertThat(requestedMeanwhile.join()).isTrue();
        subscribed.join().cancel();
    }

    private static int size(List<Delivery> got) {
        synchronized (got) {
            return got.size();
        }
    }

    private void awaitDead(int atLeast) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (queue.group(GROUP).stats().toCompletableFuture().join().dead() < atLeast) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void publishForeign(String bytes) {
        Message foreign = Message.of("k", Payload.unchecked(bytes.getBytes(StandardCharsets.UTF_8)));
        queue.backend().publish(foreign).toCompletableFuture().join();
    }

    private Queue queue() {
        LosesStreams backend = new LosesStreams();
        return Queue.of(backend, backend.settings, new QueueListener() {
            @Override
            public void interrupted(String group, Throwable cause) {
                interrupted.countDown();
            }

            @Override
            public void resumed(String group) {
                resumed.countDown();
            }
        });
    }

    private abstract static class Subscriber implements Flow.Subscriber<Delivery> {

        private final CompletableFuture<Flow.Subscription> subscribed;

        Subscriber(CompletableFuture<Flow.Subscription> subscribed) {
            this.subscribed = subscribed;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscribed.complete(subscription);
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onComplete() {}
    }

    /** The memory backend, whose streams go wrong as a test says. */
    private final class LosesStreams extends ForwardingBackend {

        LosesStreams() {
            super(Map.of());
        }

        @Override
        public Flow.Publisher<Delivery> consume(String group) {
            if (synchronous) {
                return new PullPublisher(signals -> new One(), Runnable::run);
            }
            if (subscriptions.incrementAndGet() > failing) {
                return super.consume(group);
            }
            return new PullPublisher(
                    signals -> {
                        throw retryable
                                ? new QueueConnectionException("the connection was lost", "memory", "t", true, null)
                                : new ConsumeException("the stream cannot be had", "memory", "t", false, null);
                    },
                    Runnable::run);
        }
    }

    /** Has one delivery, and has it at once: the request for it does not return before it is handed out. */
    private static final class One implements PullPublisher.Member {

        private final AtomicBoolean fetched = new AtomicBoolean();

        @Override
        public CompletionStage<List<Delivery>> fetch(int max) {
            return CompletableFuture.completedStage(
                    fetched.getAndSet(true) ? List.of() : List.of(new Given(Message.of("k", Payload.parse("{}")), 1)));
        }

        @Override
        public void leave() {}
    }

    private record Given(Message message, int attempt) implements Delivery {

        @Override
        public CompletionStage<Settlement> ack() {
            return CompletableFuture.completedStage(Settlement.SETTLED);
        }

        @Override
        public CompletionStage<Settlement> retry(Duration delay, String reason) {
            return ack();
        }

        @Override
        public CompletionStage<Settlement> deadLetter(String reason) {
            return ack();
        }

        @Override
        public CompletionStage<Settlement> release() {
            return ack();
        }
    }
}
