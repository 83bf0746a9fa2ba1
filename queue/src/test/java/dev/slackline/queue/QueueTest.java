package dev.slackline.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.config.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class QueueTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void whatIsPublishedIsDelivered() {
        try (Queue queue = Queue.fromEnv(Map.of("QUEUE_BACKEND", "memory"));
                Deliveries deliveries = queue.deliveries(Queue.DEFAULT_GROUP)) {
            Message sent =
                    queue.publish("event.app_mention", Map.of("text", "hello")).join();
            Delivery delivery = deliveries.poll(SOON).orElseThrow();
            assertThat(delivery.message()).isEqualTo(sent);
            assertThat(delivery.attempt()).isEqualTo(1);
            assertThat(delivery.ack().toCompletableFuture().join()).isEqualTo(Settlement.SETTLED);
            assertThat(delivery.ack().toCompletableFuture().join()).isEqualTo(Settlement.ALREADY_SETTLED);
        }
    }

    @Test
    void anUnknownBackendIsRefusedWithTheNamesThereAre() {
        assertThatThrownBy(() -> Queue.fromEnv(Map.of("QUEUE_BACKEND", "carrier-pigeon")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("carrier-pigeon")
                .hasMessageContaining("memory");
    }

    @Test
    void everyWrongVariableIsNamedAtOnce() {
        assertThatThrownBy(() -> Queue.fromEnv(Map.of(
                        "QUEUE_BACKEND",
                        "memory",
                        "QUEUE_LEASE",
                        "5 parsecs",
                        "QUEUE_PREFETCH",
                        "-1",
                        "MEMORY_MAX_MESSAGES",
                        "many")))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems())
                                .hasSize(3)
                                .anyMatch(problem -> problem.contains("QUEUE_LEASE") && problem.contains("5 parsecs"))
                                .anyMatch(problem -> problem.contains("QUEUE_PREFETCH") && problem.contains("-1"))
                                .anyMatch(problem ->
                                        problem.contains("MEMORY_MAX_MESSAGES") && problem.contains("many")));
    }

    @Test
    void twoBackendsOfOneNameAreRefused() {
        QueueBackendProvider memory = Backends.named("memory");
        assertThatThrownBy(() -> Backends.checked(List.of(memory, memory)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("two backends are called 'memory'");
    }

    @Test
    void aClosedQueueSaysSo() {
        Queue queue = Queue.fromEnv(Map.of("QUEUE_BACKEND", "memory"));
        queue.close();
        queue.close();
        assertThatThrownBy(() -> queue.publish("k", Map.of()).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(QueueClosedException.class);
        assertThatThrownBy(() -> queue.group("bots")).isInstanceOf(QueueClosedException.class);
        assertThat(queue.status().state()).isEqualTo(Status.State.DOWN);
    }

    @Test
    void closingTheQueueEndsAWaitingIterator() throws InterruptedException {
        Queue queue = Queue.fromEnv(Map.of("QUEUE_BACKEND", "memory"));
        Deliveries deliveries = queue.deliveries("bots");
        Thread waiting = new Thread(() -> assertThat(deliveries.hasNext()).isFalse());
        waiting.start();
        queue.close();
        waiting.join(SOON.toMillis());
        assertThat(waiting.isAlive()).isFalse();
    }

    @Test
    void aDroppedTopicIsAsNew() {
        try (Queue queue = Queue.fromEnv(Map.of("QUEUE_BACKEND", "memory", "QUEUE_GROUPS", "bots,audit"))) {
            queue.publish("k", Map.of()).join();
            queue.dropTopic().toCompletableFuture().join();
            assertThat(queue.groups().toCompletableFuture().join()).isEmpty();
            queue.declareGroups().toCompletableFuture().join();
            assertThat(queue.group("bots").stats().toCompletableFuture().join().waiting())
                    .isZero();
        }
    }

    @Test
    void anOversizedPayloadIsRefusedForGood() {
        try (Queue queue = Queue.fromEnv(Map.of("QUEUE_BACKEND", "memory", "QUEUE_MAX_PAYLOAD", "20"))) {
            assertThatThrownBy(() ->
                            queue.publish("k", Map.of("text", "x".repeat(30))).join())
                    .cause()
                    .isInstanceOfSatisfying(PublishException.class, e -> {
                        assertThat(e.retryable()).isFalse();
                        assertThat(e).hasMessageContaining("QUEUE_MAX_PAYLOAD");
                    });
        }
    }

    @Test
    void whatTheIteratorHadFetchedGoesBackWhenItIsClosed() {
        try (Queue queue = Queue.fromEnv(Map.of("QUEUE_BACKEND", "memory"))) {
            Deliveries first = queue.deliveries("bots");
            for (int i = 0; i < 10; i++) {
                queue.group("bots").declare();
                queue.publish("k", Map.of("n", i)).join();
            }
            first.poll(SOON).orElseThrow().ack();
            first.close();
            try (Deliveries second = queue.deliveries("bots")) {
                for (int i = 0; i < 9; i++) {
                    assertThat(second.poll(SOON).orElseThrow().attempt()).isEqualTo(1);
                }
            }
        }
    }
}
