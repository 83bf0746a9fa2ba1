package dev.slackline.backend.sqlite;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.QueueBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A member that takes what it asked for and lets the test decide. */
final class Probe implements Flow.Subscriber<Delivery> {

    private final BlockingQueue<Delivery> taken = new LinkedBlockingQueue<>();
    private final CompletableFuture<Throwable> error = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    static Probe on(QueueBackend backend, String group, long demand) {
        Probe probe = new Probe();
        backend.consume(group).subscribe(probe);
        if (demand > 0) {
            probe.request(demand);
        }
        return probe;
    }

    void request(long demand) {
        subscription.join().request(demand);
    }

    void cancel() {
        subscription.join().cancel();
    }

    /** The next delivery; fails after ten seconds. */
    Delivery next() throws InterruptedException {
        Delivery delivery = taken.poll(10, TimeUnit.SECONDS);
        if (delivery == null) {
            throw new AssertionError("no delivery within 10 seconds; ended with " + error.getNow(null));
        }
        return delivery;
    }

    List<Delivery> next(int count) throws InterruptedException {
        List<Delivery> all = new ArrayList<>();
        while (all.size() < count) {
            all.add(next());
        }
        return all;
    }

    /** What comes within this time, if anything. */
    @Nullable
    Delivery within(Duration time) throws InterruptedException {
        return taken.poll(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** How the stream ended; fails after ten seconds. */
    Throwable ended() throws Exception {
        return error.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription.complete(newSubscription);
    }

    @Override
    public void onNext(Delivery delivery) {
        taken.add(delivery);
    }

    @Override
    public void onError(Throwable cause) {
        error.complete(cause);
    }

    @Override
    public void onComplete() {
        error.complete(new AssertionError("completed"));
    }
}
