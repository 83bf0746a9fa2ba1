package dev.slackline.queue.testkit;

import dev.slackline.queue.Message;
import dev.slackline.queue.QueueBackend;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend that answers no publish until told to, like a broker that has stopped answering. */
final class StalledPublishes extends ForwardingBackend {

    private final CompletableFuture<Void> gate = new CompletableFuture<>();
    private final AtomicInteger waiting = new AtomicInteger();

    StalledPublishes(QueueBackend backend) {
        super(backend);
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
        waiting.incrementAndGet();
        return gate.thenCompose(open -> super.publish(message));
    }

    int waiting() {
        return waiting.get();
    }

    void letThrough() {
        gate.complete(null);
    }
}
