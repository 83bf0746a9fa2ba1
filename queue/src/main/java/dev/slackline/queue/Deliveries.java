package dev.slackline.queue;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of a group as a blocking iterator, for code that prefers a loop:
 *
 * <pre>{@code
 * try (Deliveries deliveries = queue.deliveries("bots")) {
 *     while (deliveries.hasNext()) {
 *         Delivery delivery = deliveries.next();
 *         handle(delivery.message());
 *         delivery.ack();
 *     }
 * }
 * }</pre>
 *
 * <p>Fetches ahead, at most {@code QUEUE_PREFETCH} deliveries beyond those taken, and keeps their leases until they are
 * taken: from then on it is for the loop to settle within {@code QUEUE_LEASE}, or to {@link Delivery#renew()}. Use it
 * from one thread; {@link #close()} may come from any, and ends a waiting {@link #hasNext()}. Closing gives back what was
 * fetched and not taken, without burning an attempt.
 */
public final class Deliveries implements Iterator<Delivery>, AutoCloseable {

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Member member = new Member();
    private final Queue queue;
    private final int prefetch;
    private final Future<?> renewal;
    private final AtomicReference<@Nullable Delivery> next = new AtomicReference<>();
    private @Nullable Signal end;
    private volatile boolean closed;

    Deliveries(Queue queue, String group) {
        this.queue = queue;
        this.prefetch = queue.settings().prefetch();
        this.renewal = Renewal.start(queue, group, this::fetchedAhead);
        queue.consume(group).subscribe(member);
    }

    /**
     * Waits for a delivery.
     *
     * @return false once the iterator or the queue is closed, or the thread was interrupted
     * @throws QueueException if the stream ended with an error
     */
    @Override
    public boolean hasNext() {
        awaitNext();
        return next.get() != null;
    }

    @Override
    public Delivery next() {
        awaitNext();
        return take().orElseThrow(() -> new NoSuchElementException("the deliveries are closed"));
    }

    /**
     * Waits for a delivery for a while.
     *
     * @return the delivery; empty when none came in time or the iterator is closed
     * @throws QueueException if the stream ended with an error
     */
    public Optional<Delivery> poll(Duration timeout) {
        if (next.get() == null && end == null) {
            waitFor(timeout);
        }
        return take();
    }

    /** Leaves the group. Idempotent. */
    @Override
    public void close() {
        closed = true;
        renewal.cancel(false);
        member.cancel();
        Delivery peeked = next.getAndSet(null);
        if (peeked != null) {
            peeked.release();
        }
        for (Signal signal = signals.poll(); signal != null; signal = signals.poll()) {
            signal.release();
        }
        signals.add(new Signal(null, null));
    }

    private List<Delivery> fetchedAhead() {
        Stream<@Nullable Delivery> waiting = signals.stream().map(Signal::delivery);
        return Stream.concat(Stream.ofNullable(next.get()), waiting)
                .filter(Objects::nonNull)
                .toList();
    }

    private void awaitNext() {
        while (next.get() == null && end == null) {
            waitFor(Duration.ofDays(1));
        }
    }

    private Optional<Delivery> take() {
        Optional<Delivery> taken = Optional.ofNullable(next.getAndSet(null));
        taken.ifPresent(delivery -> member.more());
        return taken;
    }

    private void waitFor(Duration timeout) {
        try {
            Signal signal = signals.poll(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
            if (signal == null) {
                return;
            }
            if (signal.delivery != null) {
                next.set(signal.delivery);
                return;
            }
            end = signal;
            if (signal.error != null && !(signal.error instanceof QueueClosedException)) {
                throw signal.error instanceof RuntimeException cause
                        ? cause
                        : new ConsumeException(
                                "the deliveries ended with " + signal.error,
                                queue.capabilities().backend(),
                                queue.backend().topic(),
                                false,
                                signal.error);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end = new Signal(null, null);
        }
    }

    /** A delivery, or the end, with or without an error. */
    private record Signal(
            @Nullable Delivery delivery, @Nullable Throwable error) {
        void release() {
            if (delivery != null) {
                delivery.release();
            }
        }
    }

    private final class Member implements Flow.Subscriber<Delivery> {

        private volatile Flow.@Nullable Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            newSubscription.request(prefetch);
        }

        @Override
        public void onNext(Delivery delivery) {
            signals.add(new Signal(delivery, null));
            if (closed) {
                signals.removeIf(signal -> {
                    signal.release();
                    return signal.delivery != null;
                });
            }
        }

        @Override
        public void onError(Throwable cause) {
            signals.add(new Signal(null, cause));
        }

        @Override
        public void onComplete() {
            signals.add(new Signal(null, null));
        }

        void more() {
            Flow.Subscription current = subscription;
            if (current != null) {
                current.request(1);
            }
        }

        void cancel() {
            Flow.Subscription current = subscription;
            if (current != null) {
                current.cancel();
            }
        }
    }
}
