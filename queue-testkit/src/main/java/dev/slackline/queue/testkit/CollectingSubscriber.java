package dev.slackline.queue.testkit;

import dev.slackline.queue.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A member of a group that keeps what it is handed, and asks for more only when told to. Thread-safe, except that one
 * thread at a time calls {@link #next()}.
 */
public final class CollectingSubscriber implements Flow.Subscriber<Delivery> {

    private final List<Delivery> received = new ArrayList<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final Consumer<Delivery> action;

    private CollectingSubscriber(Consumer<Delivery> action) {
        this.action = action;
    }

    /** Subscribes and asks for nothing yet. */
    public static CollectingSubscriber to(Flow.Publisher<Delivery> deliveries) {
        return to(deliveries, delivery -> {});
    }

    /**
     * Subscribes and asks for nothing yet.
     *
     * @param action what is done with each delivery when it comes, on the publisher's thread
     */
    public static CollectingSubscriber to(Flow.Publisher<Delivery> deliveries, Consumer<Delivery> action) {
        CollectingSubscriber subscriber = new CollectingSubscriber(action);
        deliveries.subscribe(subscriber);
        return subscriber;
    }

    /** Asks for more. */
    public CollectingSubscriber request(long n) {
        Await.result(subscription).request(n);
        return this;
    }

    /** Leaves the group. */
    public void cancel() {
        Await.result(subscription).cancel();
    }

    /** Everything that came so far, in order. */
    public List<Delivery> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    /** How many came so far. */
    public int count() {
        synchronized (received) {
            return received.size();
        }
    }

    /** The next delivery that was not taken yet; waits for it, at most {@link Await#bound()}. */
    public Delivery next() {
        int index = taken.getAndIncrement();
        Await.until(() -> "delivery " + (index + 1) + " comes; " + describe(), Await.bound(), () -> count() > index);
        synchronized (received) {
            return received.get(index);
        }
    }

    /** Asks for one more and takes the next. */
    public Delivery requestNext() {
        request(1);
        return next();
    }

    /** Takes the next n. */
    public List<Delivery> next(int n) {
        List<Delivery> batch = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            batch.add(next());
        }
        return batch;
    }

    /** Completes when the stream completes; fails with the error that ended it. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription.complete(newSubscription);
    }

    @Override
    public void onNext(Delivery delivery) {
        synchronized (received) {
            received.add(delivery);
        }
        action.accept(delivery);
    }

    @Override
    public void onError(Throwable cause) {
        ended.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
        ended.complete(null);
    }

    private String describe() {
        @Nullable
        String end = ended.isCompletedExceptionally()
                ? ended.handle((nothing, error) -> String.valueOf(error)).join()
                : null;
        return count() + " came" + (end == null ? "" : " and the stream ended: " + end);
    }
}
