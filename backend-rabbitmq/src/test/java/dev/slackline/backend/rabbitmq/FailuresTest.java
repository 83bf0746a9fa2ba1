package dev.slackline.backend.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailuresTest {

    private final Failures failures = new Failures(RabbitMqSettings.from(
            Settings.parse(Map.of("MQ_USERNAME", "bot", "MQ_PASSWORD", "secret"), RabbitMqSettings.ALL)));

    @Test
    void aChannelThatIsClosedForADeliveryHeldTooLongIsNoReasonToGiveUp() {
        QueueException why = failures.asked(
                "consuming failed",
                closed(
                        "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 60000 ms."));
        assertThat(why.retryable()).isTrue();
        assertThat(why).hasMessageContaining("MQ_CONSUMER_TIMEOUT");
    }

    @Test
    void aQueueOfAnotherKindIs() {
        QueueException why = failures.asked(
                "declaring", closed("PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'slack_events_bots'"));
        assertThat(why.retryable()).isFalse();
        assertThat(why).hasMessageContaining("slack_events_bots").hasMessageContaining("MQ_EXCHANGE");
    }

    private static ShutdownSignalException closed(String said) {
        AMQP.Channel.Close close = new AMQP.Channel.Close.Builder()
                .replyCode(AMQP.PRECONDITION_FAILED)
                .replyText(said)
                .build();
        return new ShutdownSignalException(false, false, close, null);
    }
}
