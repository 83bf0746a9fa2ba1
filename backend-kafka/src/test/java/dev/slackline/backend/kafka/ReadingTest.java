package dev.slackline.backend.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class ReadingTest {

    @Test
    void partitionsAreMergedByTimeAndWithinOneTheOffsetsDecide() {
        ConsumerRecord<byte[], byte[]> early = record(0, 10, 100);
        ConsumerRecord<byte[], byte[]> late = record(0, 11, 300);
        ConsumerRecord<byte[], byte[]> ofAClockThatIsBehind = record(0, 12, 50);
        ConsumerRecord<byte[], byte[]> between = record(1, 7, 200);
        ConsumerRecord<byte[], byte[]> last = record(1, 8, 400);

        assertThat(Reading.inOrder(List.of(early, late, ofAClockThatIsBehind, between, last)))
                .containsExactly(early, between, late, ofAClockThatIsBehind, last);
    }

    private static ConsumerRecord<byte[], byte[]> record(int partition, long offset, long timestamp) {
        return new ConsumerRecord<>(
                "t",
                partition,
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                0,
                0,
                new byte[0],
                new byte[0],
                new RecordHeaders(),
                Optional.empty());
    }
}
