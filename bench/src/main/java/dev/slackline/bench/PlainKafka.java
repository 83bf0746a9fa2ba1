package dev.slackline.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The official client of Kafka as its documentation uses it: an idempotent producer with {@code acks=all} and a bounded
 * number in flight, a consumer that commits what each poll brought.
 */
final class PlainKafka implements PlainClient {

    private static final String TOPIC = "plain";
    private static final int PARTITIONS = 12; // as many as the queue makes

    private final String bootstrap;
    private final KafkaProducer<byte[], byte[]> producer;

    PlainKafka(String bootstrap) throws Exception {
        this.bootstrap = bootstrap;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            if (!admin.listTopics().names().get().contains(TOPIC)) {
                admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(PARTITIONS), Optional.empty())))
                        .all()
                        .get();
            }
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "enable.idempotence", true),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @Override
    public String name() {
        return "kafka-clients";
    }

    @Override
    public Measured publish(double seconds, int inFlight, Messages messages) throws Exception {
        Histogram latencies = new SynchronizedHistogram(Measured.newHistogram());
        AtomicInteger failed = new AtomicInteger();
        Semaphore slots = new Semaphore(inFlight);
        long published = 0;
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            slots.acquire();
            long began = System.nanoTime();
            producer.send(new ProducerRecord<>(TOPIC, messages.next()), (stored, error) -> {
                latencies.recordValue((System.nanoTime() - began) / 1000);
                failed.addAndGet(error == null ? 0 : 1);
                slots.release();
            });
            published++;
        }
        if (!slots.tryAcquire(inFlight, 30, TimeUnit.SECONDS) || failed.get() > 0) {
            throw new IllegalStateException("the broker did not confirm everything");
        }
        return new Measured(published, (System.nanoTime() - start) / 1e9, latencies);
    }

    @Override
    public Measured consume(double seconds, int prefetch) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrap,
                "group.id", TOPIC,
                "enable.auto.commit", false,
                "auto.offset.reset", "earliest",
                "max.poll.records", prefetch);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            long start = System.nanoTime();
            long end = start + (long) (seconds * 1e9);
            long last = start;
            long acknowledged = 0;
            while (System.nanoTime() < end && System.nanoTime() - last < 200_000_000) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(50));
                if (!records.isEmpty()) {
                    consumer.commitSync();
                    acknowledged += records.count();
                    last = System.nanoTime();
                } else if (consumer.assignment().isEmpty()) {
                    last = System.nanoTime(); // not let in yet
                }
            }
            return new Measured(acknowledged, (last - start) / 1e9, Measured.newHistogram());
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
