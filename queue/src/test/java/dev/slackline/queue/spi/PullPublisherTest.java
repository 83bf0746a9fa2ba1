package dev.slackline.queue.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A stream whose source or executor fails ends with an error; the rest is tested by the Reactive Streams TCK. */
class PullPublisherTest {

    private final AtomicInteger left = new AtomicInteger();
    private final Collector collector = new Collector();

    @Test
    void aFetchThatThrowsEndsTheStreamWithItsError() {
        subscribe(
                max -> {
                    throw new IllegalStateException("a bug");
                },
                Runnable::run);
        assertThat(collector.error).isCompletedWithValueMatching(cause -> "a bug".equals(cause.getMessage()));
        assertThat(left).hasValue(1);
    }

    @Test
    void anExecutorThatTakesNothingMoreEndsTheStreamWithItsError() {
        subscribe(max -> new CompletableFuture<>(), task -> {
            throw new RejectedExecutionException("shut down");
        });
        assertThat(collector.error).isCompletedWithValueMatching(RejectedExecutionException.class::isInstance);
        assertThat(left).hasValue(1);
    }

    @Test
    void aSourceThatCannotBeLeftStillEndsTheStreamWithItsError() {
        new PullPublisher(
                        signals -> new PullPublisher.Member() {
                            @Override
                            public CompletionStage<List<Delivery>> fetch(int max) {
                                return CompletableFuture.failedStage(new IllegalStateException("a bug"));
                            }

                            @Override
                            public void leave() {
                                throw new IllegalStateException("another bug");
                            }
                        },
                        Runnable::run)
                .subscribe(collector);
        assertThat(collector.error).isCompletedWithValueMatching(cause -> "a bug".equals(cause.getMessage()));
    }

    private void subscribe(Fetch fetch, Executor executor) {
        new PullPublisher(
                        signals -> new PullPublisher.Member() {
                            @Override
                            public CompletionStage<List<Delivery>> fetch(int max) {
                                return fetch.fetch(max);
                            }

                            @Override
                            public void leave() {
                                left.incrementAndGet();
                            }
                        },
                        executor)
                .subscribe(collector);
    }

    private interface Fetch {
        CompletionStage<List<Delivery>> fetch(int max);
    }

    private static final class Collector implements Flow.Subscriber<Delivery> {

        final CompletableFuture<Throwable> error = new CompletableFuture<>();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(Delivery delivery) {}

        @Override
        public void onError(Throwable cause) {
            error.complete(cause);
        }

        @Override
        public void onComplete() {}
    }
}
