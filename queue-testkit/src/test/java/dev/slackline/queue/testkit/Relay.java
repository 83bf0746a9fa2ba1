package dev.slackline.queue.testkit;

import dev.slackline.queue.Delivery;
import java.util.concurrent.Flow;

/** Passes every signal on, in both directions. */
class Relay implements Flow.Subscriber<Delivery> {

    private final Flow.Subscriber<? super Delivery> subscriber;

    Relay(Flow.Subscriber<? super Delivery> subscriber) {
        this.subscriber = subscriber;
    }

    void requested(Flow.Subscription upstream, long n) {
        upstream.request(n);
    }

    void cancelled(Flow.Subscription upstream) {
        upstream.cancel();
    }

    @Override
    public void onSubscribe(Flow.Subscription upstream) {
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                requested(upstream, n);
            }

            @Override
            public void cancel() {
                cancelled(upstream);
            }
        });
    }

    @Override
    public void onNext(Delivery delivery) {
        subscriber.onNext(delivery);
    }

    @Override
    public void onError(Throwable cause) {
        subscriber.onError(cause);
    }

    @Override
    public void onComplete() {
        subscriber.onComplete();
    }
}
