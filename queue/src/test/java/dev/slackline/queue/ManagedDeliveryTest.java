package dev.slackline.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.QueueListener.Outcome;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the queue adds to the settlement of a delivery. */
class ManagedDeliveryTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<Outcome> heard = new CopyOnWriteArrayList<>();
    private volatile boolean listenerFails;
    private final Queue queue = queue();
    private final Deliveries deliveries = queue.deliveries("bots");

    @AfterEach
    void close() {
        deliveries.close();
        queue.close();
    }

    @Test
    void theDeathOfAMessageIsLoggedOnceAndWithoutItsReason() {
        Message sent = queue.publish("k", Map.of("secret", "xoxb-1")).join();
        try (Logged logged = new Logged()) {
            Delivery delivery = deliveries.poll(SOON).orElseThrow();
            assertThat(delivery.retry(Duration.ZERO, "because of xoxb-1").toCompletableFuture())
                    .succeedsWithin(SOON);
            delivery.deadLetter("again").toCompletableFuture().join();
            assertThat(logged.lines())
                    .containsExactly("WARN dead letter group=bots message_id=" + sent.id() + " attempt=1");
        }
    }

    @Test
    void aDelayThatNoClockCanAddIsRefusedAndTheDeliveryStaysHeld() {
        queue.publish("k", Map.of()).join();
        Delivery delivery = deliveries.poll(SOON).orElseThrow();
        for (Duration delay : List.of(ChronoUnit.FOREVER.getDuration(), Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> delivery.retry(delay, "later")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new RetryLaterException(delay)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(delivery.ack().toCompletableFuture().join()).isEqualTo(Settlement.SETTLED);
    }

    @Test
    void aListenerThatThrowsAnErrorDoesNotUndoTheSettlement() {
        listenerFails = true;
        queue.publish("k", Map.of()).join();
        Delivery delivery = deliveries.poll(SOON).orElseThrow();
        assertThat(delivery.ack().toCompletableFuture().join()).isEqualTo(Settlement.SETTLED);
    }

    @Test
    void aSettlementThatFailedIsNotTakenForOneThatStands() {
        queue.publish("k", Map.of()).join();
        Delivery delivery = deliveries.poll(SOON).orElseThrow();
        queue.close();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> delivery.ack().toCompletableFuture().join())
                    .hasCauseInstanceOf(QueueClosedException.class);
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void theListenerHearsOfEachSettlementOnce() {
        for (int i = 0; i < 3; i++) {
            queue.publish("k", Map.of()).join();
        }
        Delivery first = deliveries.poll(SOON).orElseThrow();
        first.ack().toCompletableFuture().join();
        first.ack().toCompletableFuture().join();
        first.deadLetter("too late").toCompletableFuture().join();
        deliveries
                .poll(SOON)
                .orElseThrow()
                .retry(Duration.ZERO, "the last attempt")
                .toCompletableFuture()
                .join();
        deliveries.poll(SOON).orElseThrow().release().toCompletableFuture().join();
        assertThat(heard).containsExactly(Outcome.ACKED, Outcome.DEAD_LETTERED, Outcome.RELEASED);
    }

    private Queue queue() {
        ForwardingBackend backend = new ForwardingBackend(Map.of("QUEUE_MAX_ATTEMPTS", "1"));
        Queue made = Queue.of(backend, backend.settings, new QueueListener() {
            @Override
            public void settled(String group, Delivery delivery, Outcome outcome) {
                if (listenerFails) {
                    throw new NoClassDefFoundError("metrics");
                }
                heard.add(outcome);
            }
        });
        made.group("bots").declare().toCompletableFuture().join();
        return made;
    }
}
