package dev.slackline.queue.testkit;

import dev.slackline.queue.Delivery;
import java.util.concurrent.Flow;
import java.util.function.UnaryOperator;

/** A stream whose deliveries are replaced one by one on their way. */
record MappedDeliveries(Flow.Publisher<Delivery> deliveries, UnaryOperator<Delivery> mapping)
        implements Flow.Publisher<Delivery> {

    @Override
    public void subscribe(Flow.Subscriber<? super Delivery> subscriber) {
        deliveries.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscriber.onSubscribe(subscription);
            }

            @Override
            public void onNext(Delivery delivery) {
                subscriber.onNext(mapping.apply(delivery));
            }

            @Override
            public void onError(Throwable cause) {
                subscriber.onError(cause);
            }

            @Override
            public void onComplete() {
                subscriber.onComplete();
            }
        });
    }
}
