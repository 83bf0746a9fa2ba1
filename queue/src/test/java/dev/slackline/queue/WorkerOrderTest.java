package dev.slackline.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.spi.PullPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The order that a worker keeps by itself, on a backend that hands out many messages of one ordering key at once. */
class WorkerOrderTest {

    private static final int COUNT = 200;

    @Test
    void messagesOfAKeyAreHandledOneAtATimeInOrderThoughOneIsRetried() throws InterruptedException {
        ForwardingBackend backend = new ForwardingBackend(Map.of("QUEUE_PREFETCH", "50")) {
            @Override
            public Flow.Publisher<Delivery> consume(String group) {
                return new PullPublisher(signals -> new Unordered(), ForkJoinPool.commonPool());
            }
        };
        java.util.Queue<String> handled = new ConcurrentLinkedQueue<>();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(COUNT);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            expected.add(Integer.toString(i));
        }
        try (Queue queue = Queue.of(backend, backend.settings);
                Worker worker = Worker.start(queue, "bots", 4, delivery -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    handled.add(delivery.message().key());
                    running.decrementAndGet();
                    all.countDown();
                    if (delivery.message().key().equals("7")) {
                        throw new IllegalStateException("is retried later");
                    }
                })) {
            assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(handled).containsExactlyElementsOf(expected);
        assertThat(most).hasValue(1);
    }

    /** Gives every message as soon as it is asked for, and settles on another thread. */
    private static final class Unordered implements PullPublisher.Member {

        private int next;

        @Override
        public CompletionStage<List<Delivery>> fetch(int max) {
            List<Delivery> batch = new ArrayList<>();
            while (batch.size() < max && next < COUNT) {
                batch.add(new Given(Message.of(Integer.toString(next++), Payload.parse("{}"))
                        .withOrderingKey("T1/C1")));
            }
            return CompletableFuture.completedStage(batch);
        }

        @Override
        public void leave() {}
    }

    private record Given(Message message) implements Delivery {

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public CompletionStage<Settlement> ack() {
            return CompletableFuture.supplyAsync(() -> Settlement.SETTLED);
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
