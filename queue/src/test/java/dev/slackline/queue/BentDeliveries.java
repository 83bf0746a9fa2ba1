package dev.slackline.queue;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** Passes a stream on, and tells a test of every call on its deliveries before it is made. */
record BentDeliveries(Flow.Subscriber<? super Delivery> to, Consumer<String> before)
        implements Flow.Subscriber<Delivery> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        to.onSubscribe(subscription);
    }

    @Override
    public void onNext(Delivery delivery) {
        to.onNext(new Bent(delivery, before));
    }

    @Override
    public void onError(Throwable cause) {
        to.onError(cause);
    }

    @Override
    public void onComplete() {
        to.onComplete();
    }

    private record Bent(Delivery delivery, Consumer<String> before) implements Delivery {

        @Override
        public Message message() {
            return delivery.message();
        }

        @Override
        public int attempt() {
            return delivery.attempt();
        }

        @Override
        public CompletionStage<Settlement> ack() {
            before.accept("ack");
            return delivery.ack();
        }

        @Override
        public CompletionStage<Settlement> retry(Duration delay, String reason) {
            before.accept("retry");
            return delivery.retry(delay, reason);
        }

        @Override
        public CompletionStage<Settlement> deadLetter(String reason) {
            before.accept("deadLetter");
            return delivery.deadLetter(reason);
        }

        @Override
        public CompletionStage<Settlement> release() {
            before.accept("release");
            return delivery.release();
        }

        @Override
        public CompletionStage<Boolean> renew() {
            before.accept("renew");
            return delivery.renew();
        }
    }
}
