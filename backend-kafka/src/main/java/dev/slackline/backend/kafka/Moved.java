package dev.slackline.backend.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** What a message that a group has put off carries along: what {@link Progress} tells of those that stay in their place. */
final class Moved {

    private static final String MOVED = "slackline-moved";

    private Moved() {}

    /** A message for the topic of those that are put off. */
    static ProducerRecord<byte[], byte[]> pack(String topic, Story story, Progress.Mark mark) {
        ProducerRecord<byte[], byte[]> record = Wire.pack(topic, story);
        record.headers().add(MOVED, Wire.utf8(mark.dueMillis() + " " + mark.token() + " " + mark.leaseMillis()));
        return record;
    }

    /** What was known of it when it was put off. */
    static Progress.Mark mark(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(MOVED);
        if (header == null || header.value() == null) {
            return Progress.Mark.NONE;
        }
        String[] parts = new String(header.value(), StandardCharsets.UTF_8).split(" ", -1);
        try {
            return new Progress.Mark(1, Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Progress.Mark.NONE; // somebody else wrote it
        }
    }
}
