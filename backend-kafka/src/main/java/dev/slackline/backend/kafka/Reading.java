package dev.slackline.backend.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;

/** Reads what has come, from all partitions in the order in which it was published, as far as it is there at once. */
final class Reading {

    private static final int AT_ONCE = 2_000;

    private Reading() {}

    /** @return whether something has come */
    static boolean read(
            Consumer<byte[], byte[]> consumer,
            Duration patience,
            Ownership ownership,
            Holdings holdings,
            Members services) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try {
            ConsumerRecords<byte[], byte[]> some = consumer.poll(patience);
            while (!some.isEmpty()) {
                some.forEach(all::add);
                some = all.size() < AT_ONCE && some.partitions().size() < consumer.assignment().size()
                        ? consumer.poll(Duration.ZERO)
                        : ConsumerRecords.empty();
            }
        } catch (OffsetOutOfRangeException e) {
            ownership.lostRecords(e.offsetOutOfRangePartitions());
        } finally { // what was polled is not polled again
            all.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
            long now = services.nowMillis();
            all.forEach(record -> holdings.add(record, services.notes(), now));
        }
        return !all.isEmpty();
    }
}
