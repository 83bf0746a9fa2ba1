package dev.slackline.backend.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RetriesTest {

    @Test
    void aDelayIsRoundedUpToTwoDigits() {
        assertThat(LongStream.of(1, 9, 10, 99, 100, 101, 110, 999, 1000, 1001, 86_400_000)
                        .map(Retries::roundedUp))
                .containsExactly(1L, 9L, 10L, 99L, 100L, 110L, 110L, 1000L, 1000L, 1100L, 87_000_000L);
    }

    @Test
    void noDelayComesEarlyOrMoreThanATenthLate() {
        for (long millis = 1; millis < Duration.ofDays(45).toMillis(); millis += 1 + millis / 7) {
            assertThat(Retries.roundedUp(millis)).isBetween(millis, millis + millis / 10 + 1);
        }
    }
}
