package dev.slackline.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueSettingsTest {

    @Test
    void everyValueOutOfBoundsIsNamedAtOnceThoughNoVariableHeldIt() {
        assertThatThrownBy(() -> new QueueSettings(
                        List.of("bots", "no name"),
                        QueueSettings.Start.LATEST,
                        -1,
                        Duration.ZERO,
                        0,
                        Duration.ofDays(2),
                        Duration.ofMillis(-5),
                        0,
                        1,
                        Duration.ofDays(366)))
                .isInstanceOfSatisfying(ConfigurationException.class, e -> {
                    List<String> named = List.of(
                            "QUEUE_GROUPS",
                            "QUEUE_PUBLISH_RETRIES",
                            "QUEUE_PUBLISH_TIMEOUT",
                            "QUEUE_MAX_ATTEMPTS",
                            "QUEUE_RETRY_BACKOFF",
                            "QUEUE_LEASE",
                            "QUEUE_PREFETCH",
                            "QUEUE_MAX_PAYLOAD",
                            "QUEUE_DEDUP_WINDOW");
                    assertThat(e.problems()).hasSameSizeAs(named);
                    for (int i = 0; i < named.size(); i++) {
                        assertThat(e.problems().get(i)).startsWith(named.get(i) + ": ");
                    }
                });
    }

    @Test
    void valuesAtTheirBoundsAreTaken() {
        QueueSettings settings = new QueueSettings(
                List.of(),
                QueueSettings.Start.EARLIEST,
                100,
                Duration.ofMillis(10),
                1,
                Duration.ofDays(1),
                Duration.ofMillis(100),
                1,
                512L << 20,
                Duration.ZERO);
        assertThat(settings.withPrefetch(100_000).prefetch()).isEqualTo(100_000);
    }

    @ParameterizedTest
    @CsvSource({
        "1s,1,PT1S",
        "1s,3,PT4S",
        "1s,100,PT1H",
        "1ms,1000000,PT1H",
        "1h,2,PT1H",
        "2h,1,PT2H",
        "2h,30,PT2H",
    })
    void theBackoffDoublesUpToAnHourOrItself(String backoff, int attempt, Duration expected) {
        QueueSettings settings =
                QueueSettings.from(Settings.parse(Map.of("QUEUE_RETRY_BACKOFF", backoff), QueueSettings.ALL));
        assertThat(settings.backoffAfter(attempt)).isEqualTo(expected);
    }
}
