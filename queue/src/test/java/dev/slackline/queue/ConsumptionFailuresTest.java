package dev.slackline.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stream that goes wrong is made again or ends with an error; it never stands still in silence. */
class ConsumptionFailuresTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String GROUP = "bots";

    private final AtomicInteger subscriptions = new AtomicInteger();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final ForwardingBackend backend = new ForwardingBackend(Map.of()) {
        @Override
        public Flow.Publisher<Delivery> consume(String group) {
            Flow.Publisher<Delivery> instead = bent.stream(subscriptions.incrementAndGet());
            return instead == null ? super.consume(group) : instead;
        }
    };
    private final Queue queue = Queue.of(backend, backend.settings, new QueueListener() {
        @Override
        public void interrupted(String group, Throwable cause) {
            heard.add("interrupted");
        }

        @Override
        public void resumed(String group) {
            heard.add("resumed");
        }
    });
    private volatile Bent bent = number -> null;

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void aBackendThatCannotEvenBeSubscribedToEndsTheStreamWithItsError() {
        bent = number -> {
            throw new IllegalStateException("a bug");
        };
        try (Deliveries deliveries = queue.deliveries(GROUP)) {
            assertThatThrownBy(() -> deliveries.poll(SOON)).hasMessage("a bug");
        }
    }

    @Test
    void aBackendThatCannotBeSubscribedToAtTheMomentIsSubscribedToAgain() {
        bent = number -> {
            if (number == 1) {
                throw new QueueConnectionException("the connection was lost", "memory", "t", true, null);
            }
            return null;
        };
        try (Deliveries deliveries = queue.deliveries(GROUP)) {
            queue.publish("k", Map.of()).join();
            assertThat(deliveries.poll(SOON)).isPresent();
        }
    }

    @Test
    void aStreamThatTheBackendEndsIsMadeAgain() {
        bent = number -> number > 1
                ? null
                : subscriber -> {
                    subscriber.onSubscribe(new Silent());
                    subscriber.onComplete();
                };
        try (Deliveries deliveries = queue.deliveries(GROUP)) {
            queue.publish("k", Map.of()).join();
            assertThat(deliveries.poll(SOON)).isPresent();
        }
    }

    @Test
    void theListenerHearsOfOneInterruptionOnce() {
        bent = number -> {
            if (number <= 3) {
                throw new QueueConnectionException("the connection was lost", "memory", "t", true, null);
            }
            return null;
        };
        try (Deliveries deliveries = queue.deliveries(GROUP)) {
            queue.publish("k", Map.of()).join();
            assertThat(deliveries.poll(SOON)).isPresent();
            assertThat(heard).containsExactly("interrupted", "resumed");
        }
    }

    @Test
    void whoCancelsWhileTheStreamIsLostIsNotMissedForGood() {
        bent = number -> {
            throw new QueueConnectionException("the connection was lost", "memory", "t", true, null);
        };
        Collector collector = new Collector();
        try (Logged logged = new Logged(line -> collector.subscription.join().cancel())) {
            queue.consume(GROUP).subscribe(collector);
            assertThat(logged.lines()).hasSize(1);
            assertThat(queue.status().state()).isEqualTo(Status.State.UP);
        }
    }

    @Test
    void aSubscriberThatThrowsIsReportedAndItsDeliveryGoesBack() {
        queue.group(GROUP).declare().toCompletableFuture().join();
        Message sent = queue.publish("k", Map.of()).join();
        CompletableFuture<String> error = new CompletableFuture<>();
        try (Logged logged = new Logged(error::complete)) {
            Collector collector = new Collector() {
                @Override
                public void onNext(Delivery delivery) {
                    throw new IllegalStateException("a bug");
                }
            };
            queue.consume(GROUP).subscribe(collector);
            collector.subscription.join().request(1);
            assertThat(error.completeOnTimeout("", 20, TimeUnit.SECONDS).join())
                    .startsWith("ERROR ")
                    .contains("group=" + GROUP, "message_id=" + sent.id());
        }
        try (Deliveries deliveries = queue.deliveries(GROUP)) {
            assertThat(deliveries.poll(SOON).orElseThrow().attempt()).isEqualTo(1);
        }
    }

    /** Which stream the subscription of this number gets; null for the usual one. */
    private interface Bent {
        Flow.@Nullable Publisher<Delivery> stream(int number);
    }

    private static final class Silent implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    private static class Collector implements Flow.Subscriber<Delivery> {

        final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription.complete(newSubscription);
        }

        @Override
        public void onNext(Delivery delivery) {}

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onComplete() {}
    }
}
