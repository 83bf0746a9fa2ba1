package dev.slackline.backend.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.backend.kafka.Progress.Mark;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final long GROUP = 0x1234_5678_9abc_def0L;

    @Test
    void whatIsWrittenIsReadAgain() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            long base = random.nextInt(3) == 0 ? random.nextLong(1L << 50) : random.nextInt(100);
            long covers = base + random.nextInt(60);
            TreeMap<Long, Mark> unsettled = new TreeMap<>();
            for (long offset = base; offset < covers; offset++) {
                if (random.nextBoolean()) {
                    unsettled.put(offset, mark(random));
                }
            }
            Progress progress = new Progress(GROUP, base, covers, unsettled);
            Progress.Written written = progress.write();
            assertThat(written.progress()).isEqualTo(progress);
            assertThat(Progress.read(base, written.metadata())).isEqualTo(progress);
        }
    }

    private static Mark mark(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> new Mark(2 + random.nextInt(1_000_000), 0, 0, 0);
            case 1 -> new Mark(3, 1_900_000_000_000L + random.nextInt(), 0, 0);
            case 2 -> new Mark(1, 0, random.nextLong(1, Long.MAX_VALUE), random.nextInt(86_400_000));
            default -> Mark.NONE;
        };
    }

    @Test
    void whatWouldBeTooLongTellsOfFewerAndOfThoseTheTruth() {
        TreeMap<Long, Mark> unsettled = new TreeMap<>();
        for (long offset = 10; offset < 20_000; offset += 2) {
            unsettled.put(offset, new Mark(2, 1_900_000_000_000L, 0, 0));
        }
        Progress.Written written = new Progress(GROUP, 10, 20_000, unsettled).write();
        assertThat(written.metadata().length())
                .as("what brokers allow by default")
                .isLessThanOrEqualTo(4096);
        Progress read = Objects.requireNonNull(Progress.read(10, written.metadata()));
        assertThat(read).isEqualTo(written.progress());
        assertThat(read.covers()).isBetween(100L, 20_000L);
        assertThat(read.isSettled(11)).isTrue();
        assertThat(read.isSettled(12)).isFalse();
        assertThat(read.isSettled(read.covers() + 1))
                .as("what it does not tell of")
                .isFalse();
    }

    @Test
    void aLongRunCostsNoMoreThanAShortOne() {
        TreeMap<Long, Mark> unsettled = new TreeMap<>();
        unsettled.put(5L, Mark.NONE);
        Progress.Written written = new Progress(GROUP, 5, 5_000_000, unsettled).write();
        assertThat(written.metadata().length()).isLessThan(40);
        assertThat(Objects.requireNonNull(Progress.read(5, written.metadata())).isSettled(4_999_999))
                .isTrue();
    }

    @Test
    void whatSomebodyElseCommittedOrAGroupThatWasDroppedMeansNothing() {
        Registry.Declaration group = new Registry.Declaration(GROUP, List.of(3L, 7L), null);
        for (String metadata : List.of("", "set by a tool", "AQ", "AAAA", "____")) {
            assertThat(Progress.of(group, 1, new OffsetAndMetadata(99, metadata))
                            .base())
                    .as(metadata)
                    .isEqualTo(7);
        }
        String dropped = Progress.none(GROUP + 1, 99).write().metadata();
        assertThat(Progress.of(group, 1, new OffsetAndMetadata(99, dropped)).base())
                .isEqualTo(7);
        String current = Progress.none(GROUP, 99).write().metadata();
        assertThat(Progress.of(group, 1, new OffsetAndMetadata(99, current)).base())
                .isEqualTo(99);
        assertThat(Progress.of(group, 2, null).base())
                .as("a partition that was added")
                .isZero();
    }
}
