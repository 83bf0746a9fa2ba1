package dev.slackline.queue.testkit;

import dev.slackline.queue.Delivery;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A member of a group that handles what it is handed, a bounded number at a time, and keeps nothing. */
final class Handling implements Flow.Subscriber<Delivery> {

    private final int inFlight;
    private final Function<Delivery, CompletionStage<?>> handler;
    private volatile Flow.@Nullable Subscription subscription;

    private Handling(int inFlight, Function<Delivery, CompletionStage<?>> handler) {
        this.inFlight = inFlight;
        this.handler = handler;
    }

    /** Subscribes; a delivery counts as in flight until the stage of its handler has ended, however it does. */
    static Handling of(
            Flow.Publisher<Delivery> deliveries, int inFlight, Function<Delivery, CompletionStage<?>> handler) {
        Handling handling = new Handling(inFlight, handler);
        deliveries.subscribe(handling);
        return handling;
    }

    /** Leaves the group. */
    void cancel() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription = newSubscription;
        newSubscription.request(inFlight);
    }

    @Override
    public void onNext(Delivery delivery) {
        handler.apply(delivery).whenComplete((done, error) -> {
            Flow.Subscription current = subscription;
            if (current != null) {
                current.request(1);
            }
        });
    }

    @Override
    public void onError(Throwable cause) {
        subscription = null;
    }

    @Override
    public void onComplete() {
        subscription = null;
    }
}
