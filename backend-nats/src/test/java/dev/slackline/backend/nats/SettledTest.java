package dev.slackline.backend.nats;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SettledTest {

    private static final Instant NOW = Instant.parse("2031-01-02T03:04:05.678901234Z");

    private final Settled settled = new Settled();

    @Test
    void whatWasSettledIsRemembered() {
        settled.add("bots", 7, NOW);
        assertThat(settled.contains("bots", 7, NOW)).isTrue();
        assertThat(settled.contains("bots", 8, NOW)).isFalse();
        assertThat(settled.contains("others", 7, NOW)).isFalse();
    }

    @Test
    void aStreamThatWasMadeAnewBeginsWithTheSameSequences() {
        settled.add("bots", 7, NOW);
        assertThat(settled.contains("bots", 7, NOW.plusNanos(1))).isFalse();
    }

    @Test
    void theOldestAreForgotten() {
        settled.add("bots", 7, NOW);
        settled.add("bots", 7 + (1 << 16), NOW);
        assertThat(settled.contains("bots", 7, NOW)).isFalse();
        assertThat(settled.contains("bots", 7 + (1 << 16), NOW)).isTrue();
    }
}
