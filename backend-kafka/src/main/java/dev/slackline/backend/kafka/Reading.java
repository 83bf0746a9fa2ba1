package dev.slackline.backend.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;

/** Reads what has come, from all partitions in the order in which it was published, as far as it is there at once. */
final class Reading {

    private static final int AT_ONCE = 2_000;

    private Reading() {}

    static void read(
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
                some = all.size() < AT_ONCE
                                && some.partitions().size()
                                        < consumer.assignment().size()
                        ? consumer.poll(Duration.ZERO)
                        : ConsumerRecords.empty();
            }
        } catch (OffsetOutOfRangeException e) {
            ownership.lostRecords(e.offsetOutOfRangePartitions());
        } finally { // what was polled is not polled again
            long now = services.nowMillis();
            inOrder(all).forEach(record -> holdings.add(record, services.notes(), now));
        }
    }

    /** A record, and the latest time of those before it in its partition: within one the offsets decide, not clocks. */
    private record Timed(long time, ConsumerRecord<byte[], byte[]> record) {}

    static List<ConsumerRecord<byte[], byte[]>> inOrder(List<ConsumerRecord<byte[], byte[]>> polled) {
        Map<Integer, Long> latest = new HashMap<>();
        List<Timed> timed = new ArrayList<>(polled.size());
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            timed.add(new Timed(latest.merge(record.partition(), record.timestamp(), Math::max), record));
        }
        timed.sort(Comparator.comparingLong(Timed::time));
        return timed.stream().map(Timed::record).toList();
    }
}
