package dev.slackline.backend.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Gathers what is to be sent while some is under way, so that a busy server gets few and large commands and an idle one
 * gets them at once. Thread-safe; whoever adds or answers does the sending.
 */
final class Batches<T> {

    private static final int MOST_BYTES = 1 << 20;

    private final int most;
    private final int mostUnderWay;
    private final ToIntFunction<T> bytes;
    private final Function<List<T>, ? extends CompletionStage<?>> sender;
    private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicBoolean urgent = new AtomicBoolean();

    /**
     * Prepares it.
     *
     * @param most how many go together
     * @param mostUnderWay how many such parcels are not answered at once
     * @param bytes how large one is
     * @param sender sends some; its stage completes when they are answered, in whatever way
     */
    Batches(
            int most,
            int mostUnderWay,
            ToIntFunction<T> bytes,
            Function<List<T>, ? extends CompletionStage<?>> sender) {
        this.most = most;
        this.mostUnderWay = mostUnderWay;
        this.bytes = bytes;
        this.sender = sender;
    }

    void add(T one) {
        waiting.add(one);
        send();
    }

    /** Adds one that goes with the next, or when somebody calls {@link #send()}. */
    void addQuietly(T one) {
        waiting.add(one);
    }

    /** Sends what waits, whatever is under way: something else goes to the server now, which shares its sync with it. */
    void hurry() {
        if (!waiting.isEmpty()) {
            urgent.set(true);
            send();
        }
    }

    boolean isIdle() {
        return waiting.isEmpty() && underWay.get() == 0;
    }

    /** Sends what waits, unless enough is under way. */
    void send() {
        if (calls.getAndIncrement() != 0) {
            return; // whoever is at it goes round once more
        }
        int seen = 1;
        do {
            while (!waiting.isEmpty() && (underWay.get() < mostUnderWay || urgent.getAndSet(false))) {
                underWay.incrementAndGet();
                sender.apply(take()).whenComplete((answer, error) -> {
                    underWay.decrementAndGet();
                    send();
                });
            }
            seen = calls.addAndGet(-seen);
        } while (seen != 0);
    }

    private List<T> take() {
        List<T> batch = new ArrayList<>();
        int size = 0;
        for (T next = waiting.peek(); next != null && batch.size() < most; next = waiting.peek()) {
            size += bytes.applyAsInt(next);
            if (!batch.isEmpty() && size > MOST_BYTES) {
                break;
            }
            batch.add(next);
            waiting.remove();
        }
        return batch;
    }
}
