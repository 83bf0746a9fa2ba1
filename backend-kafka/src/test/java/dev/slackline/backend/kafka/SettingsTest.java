package dev.slackline.backend.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static ClientSettings clients(Map<String, String> env) {
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(KafkaSettings.ALL);
        Settings settings = Settings.parse(env, declared);
        return new ClientSettings(KafkaSettings.from(settings), QueueSettings.from(settings));
    }

    @Test
    void anySettingOfKafkasClientIsPassedOnToThoseThatKnowIt() {
        ClientSettings clients = clients(Map.of(
                "KAFKA_CLIENT_SECURITY_PROTOCOL", "SASL_SSL",
                "KAFKA_CLIENT_COMPRESSION_TYPE", "lz4",
                "KAFKA_CLIENT_FETCH_MIN_BYTES", "7"));
        assertThat(clients.admin())
                .containsEntry("security.protocol", "SASL_SSL")
                .doesNotContainKey("fetch.min.bytes");
        assertThat(clients.producer()).containsEntry("compression.type", "lz4");
        assertThat(clients.consumer("g", clients.session(), false))
                .containsEntry("fetch.min.bytes", "7")
                .doesNotContainKey("compression.type");
        assertThat(clients.reader()).containsEntry("security.protocol", "SASL_SSL");
    }

    @Test
    void whatAPromiseHangsOnCannotBeSet() {
        assertThat(PassedOn.SETTINGS)
                .doesNotContainKeys("acks", "enable.idempotence", "group.id", "enable.auto.commit", "isolation.level")
                .containsKeys("security.protocol", "sasl.jaas.config", "ssl.truststore.location", "group.protocol");
        Env env = Env.of(Map.of("KAFKA_CLIENT_ACKS", "0", "KAFKA_CLIENT_SASL_MECHANISMS", "PLAIN"));
        assertThat(Settings.unknown(env, KafkaSettings.ALL))
                .hasSize(2)
                .anyMatch(warning -> warning.contains("KAFKA_CLIENT_ACKS is no setting"))
                .anyMatch(warning -> warning.contains("did you mean KAFKA_CLIENT_SASL_MECHANISM?"));
    }

    @Test
    void passwordsAreSecret() {
        Settings settings = Settings.parse(
                Map.of("KAFKA_CLIENT_SASL_JAAS_CONFIG", "hush hush", "KAFKA_CLIENT_SSL_KEY_PASSWORD", "hush hush"),
                KafkaSettings.ALL);
        assertThat(settings + " " + KafkaSettings.from(settings)).doesNotContain("hush");
    }

    @Test
    void aValueThatKafkaDoesNotAcceptIsNamed() {
        ClientSettings wrong = clients(Map.of("KAFKA_CLIENT_SECURITY_PROTOCOL", "none"));
        assertThatThrownBy(wrong::check)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("KAFKA_CLIENT_SECURITY_PROTOCOL");
    }

    @Test
    void aPublishIsGivenUpWhenItsTimeIsOver() {
        Map<String, Object> producer =
                clients(Map.of("QUEUE_PUBLISH_TIMEOUT", "3s")).producer();
        assertThat(producer)
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("delivery.timeout.ms", 3_000)
                .containsEntry("request.timeout.ms", 1_500);
        clients(Map.of("QUEUE_PUBLISH_TIMEOUT", "10ms")).check();
        clients(Map.of("QUEUE_PUBLISH_TIMEOUT", "24h", "QUEUE_MAX_PAYLOAD", "512MiB"))
                .check();
        clients(Map.of("KAFKA_CLIENT_REQUEST_TIMEOUT_MS", "60000", "KAFKA_CLIENT_LINGER_MS", "20"))
                .check();
    }

    @Test
    void aDeadConsumerIsMissedWithinItsLease() {
        assertThat(clients(Map.of("QUEUE_LEASE", "7s"))
                        .consumer("g", clients(Map.of("QUEUE_LEASE", "7s")).session(), false))
                .containsEntry("session.timeout.ms", 7_000);
        assertThat(clients(Map.of("QUEUE_LEASE", "1s"))
                        .consumer("g", clients(Map.of("QUEUE_LEASE", "1s")).session(), false))
                .containsEntry("session.timeout.ms", 3_000);
        assertThat(clients(Map.of("QUEUE_LEASE", "1h"))
                        .consumer("g", clients(Map.of("QUEUE_LEASE", "1h")).session(), false))
                .containsEntry("session.timeout.ms", 8_000);
        assertThat(clients(Map.of()).consumer("g", Duration.ofSeconds(7), false))
                .containsEntry(
                        "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
    }

    @Test
    void whatEndangersMessagesIsNamed() {
        Map<String, String> dangerous = Map.of(
                "retention.ms", "604800000",
                "retention.bytes", "1000",
                "unclean.leader.election.enable", "true",
                "min.insync.replicas", "1",
                "max.message.bytes", "1048588");
        assertThat(Dangers.of(name -> dangerous.getOrDefault(name, ""), 3, 1 << 20))
                .hasSize(5)
                .anyMatch(danger -> danger.startsWith("retention.ms=604800000"))
                .anyMatch(danger -> danger.contains("set it to 2"));
        Map<String, String> safe = Map.of(
                "retention.ms", "-1",
                "retention.bytes", "-1",
                "unclean.leader.election.enable", "false",
                "min.insync.replicas", "2",
                "max.message.bytes", "67108864");
        assertThat(Dangers.of(name -> safe.getOrDefault(name, ""), 3, 1 << 20)).isEmpty();
    }
}
