package dev.slackline.backend.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Queue;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.broker.RabbitMqBroker;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands at the broker when no more is set than the protocol document requires. */
class ProtocolIT {

    @TempDir
    static Path folder;

    @Test
    void withNothingButAUserTheBrokerHasTheNamesOfTheProtocol() {
        try (RabbitMqBroker broker = RabbitMqBroker.in(folder)) {
            broker.start();
            Map<String, String> env = Map.of(
                    "QUEUE_BACKEND",
                    "rabbitmq",
                    "MQ_PORT",
                    Integer.toString(broker.address().getPort()), // every other one has its default
                    "MQ_USERNAME",
                    RabbitMqBroker.USER,
                    "MQ_PASSWORD",
                    RabbitMqBroker.USER);
            try (Queue queue = Queue.fromEnv(env)) {
                CollectingSubscriber unnamed =
                        CollectingSubscriber.to(queue.consume()).request(1);
                CollectingSubscriber bots =
                        CollectingSubscriber.to(queue.consume("bots")).request(1);
                Await.until(
                        "both consume",
                        () -> broker.control("list_consumers", "queue_name", "consumer_tag")
                                .contains("slack_events_bots\tconsumer_bots_"));
                assertThat(broker.control("list_consumers", "queue_name", "consumer_tag", "ack_required"))
                        .containsPattern("slack_events_default\tconsumer_default_\\d+\ttrue")
                        .containsPattern("slack_events_bots\tconsumer_bots_\\d+\ttrue");
                assertThat(broker.control("list_exchanges", "name", "type", "durable"))
                        .contains("slack_events\ttopic\ttrue");
                assertThat(broker.control("list_queues", "name", "durable"))
                        .contains("slack_events_default\ttrue", "slack_events_bots\ttrue");
                assertThat(broker.control("list_bindings", "source_name", "destination_name", "routing_key"))
                        .contains("slack_events\tslack_events_default\t#", "slack_events\tslack_events_bots\t#");

                Message sent = Await.result(queue.publish("event.app_mention", Map.of("text", "hello")));
                for (CollectingSubscriber member : new CollectingSubscriber[] {unnamed, bots}) {
                    Delivery delivery = member.next();
                    assertThat(delivery.message()).isEqualTo(sent);
                    Await.result(delivery.ack());
                }
            }
        }
    }
}
