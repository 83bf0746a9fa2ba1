package dev.slackline.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueSettingsTest {

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
