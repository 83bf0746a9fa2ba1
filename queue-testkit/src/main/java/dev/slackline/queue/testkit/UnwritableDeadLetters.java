package dev.slackline.queue.testkit;

import dev.slackline.queue.ConsumeException;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.Settlement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;

/** A backend that cannot write dead letters for a while, like a broker whose dead-letter queue is full. */
final class UnwritableDeadLetters extends ForwardingBackend {

    private final BooleanSupplier broken;

    UnwritableDeadLetters(QueueBackend backend, BooleanSupplier broken) {
        super(backend);
        this.broken = broken;
    }

    @Override
    public Flow.Publisher<Delivery> consume(String group) {
        return new MappedDeliveries(super.consume(group), delivery -> new ForwardingDelivery(delivery) {
            @Override
            public CompletionStage<Settlement> deadLetter(String reason) {
                return broken.getAsBoolean()
                        ? CompletableFuture.failedStage(new ConsumeException(
                                "the dead letter cannot be written",
                                capabilities().backend(),
                                topic(),
                                true,
                                null))
                        : super.deadLetter(reason);
            }
        });
    }
}
