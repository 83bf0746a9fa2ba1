package dev.slackline.bench;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/**
 * The baseline of the NATS figures: the official client as its examples use it. A stream in a file, asynchronous publishes
 * with a bounded number in flight, a durable pull consumer that is asked for as many as may be held, each acknowledged
 * with an answer, which is what {@code ackSync} waits for, without waiting for one before the next.
 */
final class PlainNats implements PlainClient {

    private static final String STREAM = "plain";
    private static final String SUBJECT = "plain.event.message";
    private static final byte[] ACK = "+ACK".getBytes(StandardCharsets.US_ASCII);

    private final Connection connection;

    PlainNats(Options options) throws Exception {
        connection = Nats.connect(options);
        connection
                .jetStreamManagement()
                .addStream(StreamConfiguration.builder()
                        .name(STREAM)
                        .subjects("plain.>")
                        .storageType(StorageType.File)
                        .build());
        connection
                .jetStreamManagement()
                .addOrUpdateConsumer(
                        STREAM,
                        ConsumerConfiguration.builder()
                                .durable(STREAM)
                                .ackPolicy(AckPolicy.Explicit)
                                .build());
    }

    @Override
    public String name() {
        return "jnats";
    }

    @Override
    public Measured publish(double seconds, int inFlight, Messages messages) throws Exception {
        Histogram latencies = new SynchronizedHistogram(Measured.newHistogram());
        Semaphore slots = new Semaphore(inFlight);
        AtomicLong failed = new AtomicLong();
        JetStream stream = connection.jetStream();
        long published = 0;
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            slots.acquire();
            long began = System.nanoTime();
            stream.publishAsync(SUBJECT, messages.next()).whenComplete((stored, error) -> {
                latencies.recordValue((System.nanoTime() - began) / 1000);
                failed.addAndGet(error == null ? 0 : 1);
                slots.release();
            });
            published++;
        }
        if (!slots.tryAcquire(inFlight, 30, TimeUnit.SECONDS) || failed.get() > 0) {
            throw new IllegalStateException("the server did not confirm everything");
        }
        return new Measured(published, (System.nanoTime() - start) / 1e9, latencies);
    }

    @Override
    public Measured consume(double seconds, int prefetch) throws Exception {
        Semaphore unanswered = new Semaphore(prefetch);
        AtomicLong last = new AtomicLong(System.nanoTime());
        long acknowledged = 0;
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        JetStreamSubscription subscription =
                connection.jetStream().subscribe(null, PullSubscribeOptions.bind(STREAM, STREAM));
        try {
            List<Message> batch = subscription.fetch(prefetch, Duration.ofMillis(200));
            while (!batch.isEmpty() && System.nanoTime() < end) {
                for (Message message : batch) {
                    unanswered.acquire();
                    connection.request(message.getReplyTo(), ACK).whenComplete((answer, error) -> {
                        last.set(System.nanoTime());
                        unanswered.release();
                    });
                    acknowledged++;
                }
                batch = subscription.fetch(prefetch, Duration.ofMillis(200));
            }
            unanswered.acquire(prefetch);
        } finally {
            subscription.unsubscribe();
        }
        return new Measured(acknowledged, (last.get() - start) / 1e9, Measured.newHistogram());
    }

    @Override
    public void close() throws InterruptedException {
        connection.close();
    }
}
