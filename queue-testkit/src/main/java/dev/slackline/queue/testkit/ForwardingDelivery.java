package dev.slackline.queue.testkit;

import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Passes every call on; a subclass changes one of them. As thread-safe as what it wraps. */
public class ForwardingDelivery implements Delivery {

    private final Delivery delivery;

    /** Wraps a delivery. */
    protected ForwardingDelivery(Delivery delivery) {
        this.delivery = delivery;
    }

    @Override
    public Message message() {
        return delivery.message();
    }

    @Override
    public int attempt() {
        return delivery.attempt();
    }

    @Override
    public List<Death> deaths() {
        return delivery.deaths();
    }

    @Override
    public CompletionStage<Settlement> ack() {
        return delivery.ack();
    }

    @Override
    public CompletionStage<Settlement> retry(Duration delay, String reason) {
        return delivery.retry(delay, reason);
    }

    @Override
    public CompletionStage<Settlement> deadLetter(String reason) {
        return delivery.deadLetter(reason);
    }

    @Override
    public CompletionStage<Settlement> release() {
        return delivery.release();
    }

    @Override
    public CompletionStage<Boolean> renew() {
        return delivery.renew();
    }
}
