package dev.slackline.bench;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.Status;
import dev.slackline.queue.testkit.broker.BrokerControl;
import dev.slackline.queue.testkit.broker.FaultyProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A connection that is there and carries nothing any more: how soon it is noticed, and what becomes of publishes. */
final class BlackHole {

    private static final double PATIENCE = 60;

    /**
     * What was seen.
     *
     * @param noticedSeconds until the status said so
     * @param publishes how many were begun meanwhile, two a second
     * @param slowestPublishSeconds until the slowest of them succeeded or failed
     * @param healedSeconds from the end of the black hole to the next confirmed publish
     */
    record Seen(double noticedSeconds, int publishes, double slowestPublishSeconds, double healedSeconds) {}

    private BlackHole() {}

    static Seen watch(BrokerControl broker) throws Exception {
        try (FaultyProxy proxy = FaultyProxy.to(broker.address(), 1);
                Queue queue = Queue.fromEnv(RabbitMqBench.environment(proxy.address(), "blackhole"))) {
            publish(queue).get(30, TimeUnit.SECONDS);
            proxy.blackHole();
            long start = System.nanoTime();
            List<CompletableFuture<Double>> publishes = new ArrayList<>();
            double noticed = 0;
            while (noticed == 0 || seconds(start) < 20) {
                publishes.add(timed(queue));
                long next = System.nanoTime() + 500_000_000;
                while (System.nanoTime() < next) {
                    if (noticed == 0 && queue.status().state() != Status.State.UP) {
                        noticed = seconds(start);
                    }
                    TimeUnit.MILLISECONDS.sleep(10);
                }
                if (seconds(start) > PATIENCE) {
                    throw new IllegalStateException("the black hole was not noticed within " + PATIENCE + " s");
                }
            }
            double slowest = 0;
            for (CompletableFuture<Double> publish : publishes) {
                slowest = Math.max(slowest, publish.get(60, TimeUnit.SECONDS));
            }
            proxy.heal();
            return new Seen(noticed, publishes.size(), slowest, untilConfirmed(queue));
        }
    }

    private static double untilConfirmed(Queue queue) throws InterruptedException {
        long start = System.nanoTime();
        while (seconds(start) < PATIENCE) {
            try {
                publish(queue).get();
                return seconds(start);
            } catch (ExecutionException e) {
                TimeUnit.MILLISECONDS.sleep(100); // not yet
            }
        }
        throw new IllegalStateException("no publish was confirmed for " + PATIENCE + " s after the black hole ended");
    }

    /** How many seconds the publish took, however it ended. */
    private static CompletableFuture<Double> timed(Queue queue) {
        long start = System.nanoTime();
        return publish(queue).handle((message, error) -> seconds(start));
    }

    private static CompletableFuture<Message> publish(Queue queue) {
        return queue.publish(Message.of("event.message", Payload.parse("{\"text\":\"hello\"}")));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
