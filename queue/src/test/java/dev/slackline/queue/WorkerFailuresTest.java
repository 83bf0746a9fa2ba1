package dev.slackline.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Flow;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a handler or the machine does, no delivery, ordering key or place of a worker is lost. */
class WorkerFailuresTest {

    private static final String GROUP = "bots";

    private final Queue queue = Queue.fromEnv(Map.of(
            "QUEUE_BACKEND", "memory",
            "QUEUE_GROUPS", GROUP,
            "QUEUE_MAX_ATTEMPTS", "2",
            "QUEUE_RETRY_BACKOFF", "10ms",
            "QUEUE_PREFETCH", "1",
            "QUEUE_LEASE", "1s"));

    @AfterEach
    void close() {
        queue.close();
    }

    @ParameterizedTest
    @ValueSource(classes = {OutOfMemoryError.class, StackOverflowError.class, Error.class, UntellableException.class})
    void whateverAHandlerThrowsTheNextMessageOfTheKeyIsHandled(Class<? extends Throwable> thrown) throws Exception {
        Throwable failure = thrown.getDeclaredConstructor().newInstance();
        publish("first");
        publish("second");
        CountDownLatch second = new CountDownLatch(1);
        try (Worker worker = Worker.start(queue, GROUP, 1, delivery -> {
            if (delivery.message().key().equals("first")) {
                throwAny(failure);
            }
            second.countDown();
        })) {
            assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
        }
        GroupStats after = queue.group(GROUP).stats().toCompletableFuture().join();
        assertThat(after.dead()).isEqualTo(1);
        assertThat(after.waiting()).isZero();
    }

    @Test
    void aLongReasonIsCutBetweenCharacters() throws Exception {
        publish("k");
        try (Worker worker = Worker.start(queue, GROUP, 1, delivery -> {
            throw new DeadLetterException("x".repeat(499) + "\uD83D\uDE00" + "x".repeat(100));
        })) {
            assertThat(awaitDeath().reason()).isEqualTo("x".repeat(499) + "…");
        }
    }

    @Test
    void theReasonOfAMessageThatNobodySettledCountsAsItsDeathDoes() throws Exception {
        publish("k");
        try (Deliveries deliveries = queue.deliveries(GROUP)) {
            for (int attempt = 1; attempt <= 2; attempt++) {
                assertThat(deliveries.poll(Duration.ofSeconds(20)).orElseThrow().attempt())
                        .isEqualTo(attempt);
            }
            DeadLetter.Death death = awaitDeath();
            assertThat(death.attempts()).isEqualTo(3);
            assertThat(death.reason())
                    .startsWith("given up at attempt 3, after the 2 attempts that QUEUE_MAX_ATTEMPTS");
        }
    }

    private DeadLetter.Death awaitDeath() throws Exception {
        DeadLetters dead = queue.group(GROUP).deadLetters();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        List<DeadLetter> letters = List.of();
        while (letters.isEmpty()) {
            assertThat(System.nanoTime()).as("waited in vain for a dead letter").isLessThan(deadline);
            letters = dead.list(null, 1).toCompletableFuture().get();
        }
        return letters.get(0).last();
    }

    @Test
    void aRenewalThatThrowsIsNotTheLast() throws InterruptedException {
        CountDownLatch renewals = new CountDownLatch(3);
        CountDownLatch goOn = new CountDownLatch(1);
        try (Queue bent = bent(call -> {
            if (call.equals("renew")) {
                renewals.countDown();
                throw new IllegalStateException("renewing is not possible at the moment");
            }
        })) {
            bent.group(GROUP).declare().toCompletableFuture().join();
            bent.publish("k", Map.of()).join();
            try (Worker worker = Worker.start(bent, GROUP, 1, delivery -> goOn.await())) {
                assertThat(renewals.await(20, TimeUnit.SECONDS)).isTrue();
                goOn.countDown();
            }
        }
    }

    @Test
    void anInterruptionOfTheHandlerDoesNotReachTheSettlement() {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        try (Queue bent =
                bent(call -> interrupted.complete(Thread.currentThread().isInterrupted()))) {
            bent.group(GROUP).declare().toCompletableFuture().join();
            bent.publish("k", Map.of()).join();
            try (Worker worker = Worker.start(
                    bent, GROUP, 1, delivery -> Thread.currentThread().interrupt())) {
                assertThat(interrupted
                                .completeOnTimeout(true, 20, TimeUnit.SECONDS)
                                .join())
                        .isFalse();
            }
        }
    }

    @Test
    void whenThereIsNoThreadTheMessageIsHandledLater() throws InterruptedException {
        publish("k");
        AtomicBoolean refused = new AtomicBoolean();
        ExecutorService threads = new ThreadPoolExecutor(0, 4, 1, TimeUnit.SECONDS, new SynchronousQueue<>()) {
            @Override
            public void execute(Runnable task) {
                if (refused.compareAndSet(false, true)) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                super.execute(task);
            }
        };
        CountDownLatch handled = new CountDownLatch(1);
        try (Worker worker = Worker.start(queue, GROUP, 1, delivery -> handled.countDown(), threads)) {
            assertThat(handled.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(refused).isTrue();
    }

    @Test
    void onAClosedQueueAWorkerEndsAtOnce() {
        queue.close();
        Worker worker = Worker.start(queue, GROUP, 1, delivery -> {});
        assertThatThrownBy(() -> worker.ended().toCompletableFuture().get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(QueueClosedException.class);
        assertThat(worker.close(Duration.ZERO)).isTrue();
    }

    private static Queue bent(Consumer<String> before) {
        ForwardingBackend backend = new ForwardingBackend(Map.of("QUEUE_LEASE", "150ms")) {
            @Override
            public Flow.Publisher<Delivery> consume(String group) {
                return subscriber -> super.consume(group).subscribe(new BentDeliveries(subscriber, before));
            }
        };
        return Queue.of(backend, backend.settings);
    }

    private void publish(String key) {
        queue.publish(Message.of(key, Payload.parse("{}")).withOrderingKey("T1/C1"))
                .join();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwAny(Throwable failure) throws T {
        throw (T) failure;
    }

    /** An exception that fails when it is asked what happened. */
    static final class UntellableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message to be had");
        }
    }
}
