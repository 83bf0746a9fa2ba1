package dev.slackline.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class DeliveriesTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String GROUP = "bots";

    @Test
    void whatIsFetchedAheadOfASlowLoopKeepsItsLease() {
        SettableLeases leases = new SettableLeases(GROUP);
        try (Queue queue = leases.queue();
                Deliveries deliveries = queue.deliveries(GROUP)) {
            for (int i = 0; i < 5; i++) {
                queue.publish("k", Map.of("n", i)).join();
            }
            for (int held = 5; held > 0; held--) {
                leases.goOn(1, held);
                Delivery delivery = deliveries.poll(SOON).orElseThrow();
                assertThat(delivery.attempt()).isEqualTo(1);
                assertThat(delivery.ack().toCompletableFuture().join()).isEqualTo(Settlement.SETTLED);
            }
            assertThat(deliveries.poll(Duration.ZERO)).isEqualTo(Optional.empty());
        }
    }

    @Test
    void waitingMayTakeForEver() {
        try (Queue queue = Queue.fromEnv(Map.of("QUEUE_BACKEND", "memory", "QUEUE_GROUPS", GROUP));
                Deliveries deliveries = queue.deliveries(GROUP)) {
            queue.publish("k", Map.of()).join();
            assertThat(deliveries.poll(ChronoUnit.FOREVER.getDuration())).isPresent();
        }
    }

    @Test
    void anErrorOfAnyKindReachesTheLoop() {
        ForwardingBackend backend = new ForwardingBackend(Map.of()) {
            @Override
            public Flow.Publisher<Delivery> consume(String group) {
                throw new NoClassDefFoundError("a client library");
            }
        };
        try (Queue queue = Queue.of(backend, backend.settings);
                Deliveries deliveries = queue.deliveries(GROUP)) {
            assertThatThrownBy(() -> deliveries.poll(SOON))
                    .isInstanceOf(ConsumeException.class)
                    .hasCauseInstanceOf(NoClassDefFoundError.class);
        }
    }
}
