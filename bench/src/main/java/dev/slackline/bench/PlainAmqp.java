package dev.slackline.bench;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/**
 * The official client of RabbitMQ as its tutorials use it: a durable topic exchange, a durable quorum queue, persistent
 * messages, confirms with a bounded number in flight, acknowledgements one by one.
 */
final class PlainAmqp implements PlainClient {

    private static final String TOPIC = "plain";
    private static final String KEY = "event.message";
    private static final AMQP.BasicProperties PERSISTENT = new AMQP.BasicProperties.Builder()
            .deliveryMode(2)
            .contentType("application/json")
            .build();

    private final Connection connection;

    PlainAmqp(ConnectionFactory factory) throws Exception {
        connection = factory.newConnection();
        try (Channel channel = connection.createChannel()) {
            channel.exchangeDeclare(TOPIC, "topic", true);
            channel.queueDeclare(TOPIC, true, false, false, Map.of("x-queue-type", "quorum"));
            channel.queueBind(TOPIC, TOPIC, "#");
        }
    }

    @Override
    public String name() {
        return "amqp-client";
    }

    @Override
    public Measured publish(double seconds, int inFlight, Messages messages) throws Exception {
        Histogram latencies = new SynchronizedHistogram(Measured.newHistogram());
        ConcurrentNavigableMap<Long, Long> unconfirmed = new ConcurrentSkipListMap<>();
        Semaphore slots = new Semaphore(inFlight);
        long published = 0;
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        try (Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            channel.addConfirmListener(
                    (tag, multiple) -> {
                        var confirmed = unconfirmed.headMap(tag, true);
                        if (!multiple) {
                            confirmed = confirmed.tailMap(tag, true);
                        }
                        long now = System.nanoTime();
                        int number = 0;
                        for (long began : confirmed.values()) {
                            latencies.recordValue((now - began) / 1000);
                            number++;
                        }
                        confirmed.clear();
                        slots.release(number);
                    },
                    (tag, multiple) -> {});
            while (System.nanoTime() < end) {
                slots.acquire();
                unconfirmed.put(channel.getNextPublishSeqNo(), System.nanoTime());
                channel.basicPublish(TOPIC, KEY, PERSISTENT, messages.next());
                published++;
            }
            if (!slots.tryAcquire(inFlight, 30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the broker did not confirm everything");
            }
        }
        return new Measured(published, (System.nanoTime() - start) / 1e9, latencies);
    }

    @Override
    public Measured consume(double seconds, int prefetch) throws Exception {
        AtomicLong acknowledged = new AtomicLong();
        AtomicLong last = new AtomicLong(System.nanoTime());
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        try (Channel channel = connection.createChannel()) {
            channel.basicQos(prefetch);
            channel.basicConsume(
                    TOPIC,
                    false,
                    (tag, message) -> {
                        if (System.nanoTime() < end) {
                            acknowledge(channel, message.getEnvelope().getDeliveryTag());
                            acknowledged.incrementAndGet();
                            last.set(System.nanoTime());
                        }
                    },
                    tag -> {});
            while (System.nanoTime() < end && System.nanoTime() - last.get() < 200_000_000) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
        return new Measured(acknowledged.get(), (last.get() - start) / 1e9, Measured.newHistogram());
    }

    private static void acknowledge(Channel channel, long tag) throws IOException {
        channel.basicAck(tag, false);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
