package dev.slackline.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the outbox is, on every backend. */
class OutboxConfigurationTest {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "MQ_USERNAME", "u",
            "MQ_PASSWORD", "p",
            "SQLITE_PATH", "/data/events.db",
            "KAFKA_TOPIC", "things",
            "POSTGRES_URL", "postgresql://u@127.0.0.1:5432/x");

    @Test
    void theOutboxIsBesideTheEventsOnEveryBackend() {
        assertThat(topic("sqlite")).isEqualTo("/data/events-outbox.db");
        assertThat(topic("rabbitmq")).isEqualTo("slack_events-outbox");
        assertThat(topic("redis")).isEqualTo("slack_events-outbox");
        assertThat(topic("nats")).isEqualTo("slack_events-outbox");
        assertThat(topic("kafka")).isEqualTo("things-outbox");
        assertThat(topic("postgres")).isEqualTo("slack_events_outbox");
    }

    @Test
    void theOutboxHasOneGroupAndMayBeElsewhere() {
        Configuration outbox = load(
                Map.of("QUEUE_BACKEND", "rabbitmq", "SLACK_OUTBOX_BACKEND", "memory", "QUEUE_GROUPS", "bots,audit"));

        assertThat(outbox.provider().name()).isEqualTo("memory");
        assertThat(QueueSettings.from(outbox.settings()).groups()).containsExactly("outbox");
        assertThatThrownBy(() -> load(Map.of("SLACK_OUTBOX_BACKEND", "pigeons")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("pigeons");
    }

    @Test
    void fewPostsAreHeldWhereTheBackendKeepsTheOrder() {
        Configuration sqlite = load(Map.of());
        Configuration rabbit = load(Map.of("QUEUE_BACKEND", "rabbitmq"));

        assertThat(OutboxConfiguration.suited(sqlite, QueueSettings.from(sqlite.settings()))
                        .prefetch())
                .isEqualTo(32);
        assertThat(OutboxConfiguration.suited(rabbit, QueueSettings.from(rabbit.settings()))
                        .prefetch())
                .isEqualTo(500);
    }

    private static String topic(String backend) {
        Configuration outbox = load(Map.of("QUEUE_BACKEND", backend));
        Setting<String> setting = outbox.provider().topicSetting().orElseThrow();
        return outbox.settings().get(setting);
    }

    private static Configuration load(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(ENVIRONMENT);
        all.putAll(more);
        return OutboxConfiguration.load(Env.of(all), List.of());
    }
}
