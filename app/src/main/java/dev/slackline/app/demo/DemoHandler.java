package dev.slackline.app.demo;

import dev.slackline.queue.DeadLetterException;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Worker;
import java.util.concurrent.atomic.AtomicInteger;

/** A handler as they are: now and then it fails, and one event is too much for it until somebody mends it. */
final class DemoHandler implements Worker.Handler {

    private final Ledger ledger;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final String poison;
    private volatile boolean mended;

    DemoHandler(Ledger ledger, String poison) {
        this.ledger = ledger;
        this.poison = poison;
    }

    @Override
    public void handle(Delivery delivery) {
        String id = delivery.message().id();
        if (id.equals(poison) && !mended) {
            throw new DeadLetterException("the demo's handler does not understand this event yet");
        }
        if (calls.incrementAndGet() % 20 == 0 && delivery.attempt() == 1) {
            failures.incrementAndGet();
            throw new IllegalStateException("the demo's handler fails now and then");
        }
        ledger.handled(id);
    }

    void mend() {
        mended = true;
    }

    int failures() {
        return failures.get();
    }
}
