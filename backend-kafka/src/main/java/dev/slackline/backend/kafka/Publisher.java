package dev.slackline.backend.kafka;

import dev.slackline.queue.QueueException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that is written. One thread hands records to Kafka's producer in the order in which they came, because that
 * may block while it looks for the cluster; the producer sends them in batches and tells on a thread of its own what came
 * of each.
 */
final class Publisher {

    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    /** A record on its way. */
    private record Sending(
            ProducerRecord<byte[], byte[]> record, CompletableFuture<RecordMetadata> told, long deadlineNanos) {}

    private final ClientSettings clients;
    private final Threads threads;
    private final Failures failures;
    private final long patienceNanos;
    private final LinkedBlockingQueue<Sending> waiting = new LinkedBlockingQueue<>();
    private final Thread sender;
    private volatile @Nullable Producer<byte[], byte[]> producer;
    private volatile boolean broken;
    private volatile boolean closed;

    Publisher(ClientSettings clients, Threads threads, Failures failures, Duration publishTimeout) {
        this.clients = clients;
        this.threads = threads;
        this.failures = failures;
        this.patienceNanos = publishTimeout.toNanos();
        this.sender = threads.start("publisher", this::send);
    }

    /** Writes a record; completes when every in-sync replica has it, on a thread where the caller may block. */
    CompletableFuture<RecordMetadata> put(ProducerRecord<byte[], byte[]> record) {
        Sending sending = new Sending(record, new CompletableFuture<>(), System.nanoTime() + patienceNanos);
        waiting.add(sending);
        if (closed) { // it may have come too late to be seen by the sender
            failWaiting();
        }
        return sending.told();
    }

    /** Finishes what was accepted, as far as it can be in that time. */
    void close(Duration timeout) throws InterruptedException {
        closed = true;
        long deadline = System.nanoTime() + timeout.toNanos();
        sender.join(Math.max(1, timeout.toMillis() / 2));
        sender.interrupt();
        Producer<byte[], byte[]> open = producer;
        if (open != null) {
            open.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        failWaiting();
        threads.tell();
    }

    private void send() {
        try {
            while (!closed || !waiting.isEmpty()) {
                Sending next = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (next != null) {
                    send(next);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed before the cluster was there
        }
    }

    private void send(Sending sending) {
        if (sending.deadlineNanos() - System.nanoTime() <= 0) {
            tell(sending, null, failures.publish("the cluster was not there in time", true, null));
            return;
        }
        try {
            producer().send(sending.record(), (metadata, error) -> sent(sending, metadata, error));
        } catch (KafkaException | IllegalStateException e) {
            sent(sending, null, e);
        }
    }

    private Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> open = producer;
        if (open != null && broken) {
            log.warn("the producer is in a state that it does not leave by itself; another one takes its place");
            open.close(Duration.ZERO);
            open = null;
        }
        if (open == null) {
            open = new KafkaProducer<>(clients.producer());
            producer = open;
            broken = false;
        }
        return open;
    }

    private void sent(Sending sending, @Nullable RecordMetadata metadata, @Nullable Exception error) {
        if (error == null) {
            tell(sending, Objects.requireNonNull(metadata), null);
            return;
        }
        broken |= isFatal(error);
        tell(sending, null, closed ? failures.closed() : failures.notStored(error));
    }

    /** What Kafka's producer does not recover from: its place in the sequence of a partition is lost. */
    private static boolean isFatal(Exception error) {
        return error instanceof OutOfOrderSequenceException
                || error instanceof ProducerFencedException
                || error instanceof InvalidProducerEpochException
                || error instanceof IllegalStateException
                || (error.getClass() == KafkaException.class && !(error instanceof RetriableException));
    }

    private void tell(Sending sending, @Nullable RecordMetadata metadata, @Nullable QueueException error) {
        threads.addResult(() -> {
            if (error == null) {
                sending.told().complete(Objects.requireNonNull(metadata));
            } else {
                sending.told().completeExceptionally(error);
            }
        });
        threads.tell();
    }

    private void failWaiting() {
        for (Sending sending = waiting.poll(); sending != null; sending = waiting.poll()) {
            tell(sending, null, failures.closed());
        }
    }
}
