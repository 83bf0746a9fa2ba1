package dev.slackline.backend.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.QueueException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class FailuresTest {

    private final Failures failures =
            new Failures(new KafkaSettings("kafka1:9092", "events", KafkaSettings.Mode.ORDERED, 1, 0, Map.of()));

    @Test
    void whatGoesAwayByItselfIsRetryable() {
        QueueException replicas = failures.notStored(new NotEnoughReplicasException("x"));
        assertThat(replicas.retryable()).isTrue();
        assertThat(replicas).hasMessageContaining("min.insync.replicas").hasMessageContaining("kafka1:9092");
        assertThat(failures.notStored(new TimeoutException("late")).retryable()).isTrue();
        assertThat(failures.connection(new ExecutionException(new TimeoutException("late")))
                        .retryable())
                .isTrue();
    }

    @Test
    void whatSomebodyMustMendIsNotAndSaysHow() {
        QueueException denied = failures.asked("consuming", new TopicAuthorizationException(Set.of("events")));
        assertThat(denied.retryable()).isFalse();
        assertThat(denied).hasMessageContaining("[events]").hasMessageContaining("allow Create");
        QueueException wrong = failures.connection(new SaslAuthenticationException("invalid credentials"));
        assertThat(wrong.retryable()).isFalse();
        assertThat(wrong).hasMessageContaining("KAFKA_CLIENT_SASL_JAAS_CONFIG");
        assertThat(failures.notStored(new RecordTooLargeException("x")).retryable())
                .isFalse();
    }
}
