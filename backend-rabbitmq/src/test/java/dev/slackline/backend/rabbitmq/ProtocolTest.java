package dev.slackline.backend.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.Queue;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The variables, defaults and names of the protocol document, to the letter. */
class ProtocolTest {

    @Test
    void withNothingButAUserTheRestHasTheDefaultsOfTheProtocol() {
        Map<String, String> env = Map.of("MQ_USERNAME", "bot", "MQ_PASSWORD", "secret");
        assertThat(RabbitMqSettings.from(Settings.parse(env, RabbitMqSettings.ALL)))
                .isEqualTo(new RabbitMqSettings(
                        "localhost", 5672, "bot", "secret", "/", "slack_events", false, "", Duration.ofMinutes(30)));
    }

    @Test
    void everyVariableOfTheProtocolIsRead() {
        Map<String, String> env = Map.of(
                "MQ_HOST", "mq.example.org",
                "MQ_PORT", "5673",
                "MQ_USERNAME", "bot",
                "MQ_PASSWORD", "secret",
                "MQ_VHOST", "/slack",
                "MQ_EXCHANGE", "events");
        assertThat(RabbitMqSettings.from(Settings.parse(env, RabbitMqSettings.ALL)))
                .isEqualTo(new RabbitMqSettings(
                        "mq.example.org",
                        5673,
                        "bot",
                        "secret",
                        "/slack",
                        "events",
                        false,
                        "",
                        Duration.ofMinutes(30)));
    }

    @Test
    void userAndPasswordAreRequiredAndBothAreNamedAtOnce() {
        assertThatThrownBy(() -> Settings.parse(Map.of("MQ_PORT", "abc"), RabbitMqSettings.ALL))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        wrong -> assertThat(wrong.problems())
                                .hasSize(3)
                                .anyMatch(problem -> problem.startsWith("MQ_USERNAME is required"))
                                .anyMatch(problem -> problem.startsWith("MQ_PASSWORD is required"))
                                .anyMatch(problem -> problem.startsWith("MQ_PORT: 'abc'")));
    }

    @Test
    void aGroupHasTheQueueThatTheProtocolNames() {
        Names names = new Names("slack_events");
        assertThat(names.group("bots")).isEqualTo("slack_events_bots");
        assertThat(names.group(Queue.DEFAULT_GROUP)).isEqualTo("slack_events_default");
    }
}
