package dev.slackline.backend.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Status;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.broker.FaultyProxy;
import dev.slackline.queue.testkit.broker.RabbitMqBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a broker of one's own can be made to do. */
class RabbitMqOutageIT {

    private static final String GROUP = "bots";

    @TempDir
    Path folder;

    private RabbitMqBroker broker;
    private Map<String, String> settings;
    private final List<Queue> opened = new ArrayList<>();

    @BeforeEach
    void startBroker() {
        broker = RabbitMqBroker.in(folder);
        broker.start();
        settings = Broker.newTopic(broker.address(), "it-");
    }

    @AfterEach
    void stopBroker() {
        opened.forEach(Queue::close);
        if (broker != null) { // null where RabbitMQ is not installed
            broker.close();
        }
    }

    @Test
    void whatWasConfirmedIntoANewGroupSurvivesAnImmediateKill() {
        Queue queue = open(Broker.open(new RabbitMqProvider(), settings));
        Await.result(queue.group(GROUP).declare());
        Message sent = Await.result(queue.publish("event.x", Map.of("a", 1)));
        broker.kill9();
        broker.start();
        Await.until("connected again", () -> queue.status().state() == Status.State.UP);
        Delivery delivery = CollectingSubscriber.to(queue.consume(GROUP)).requestNext();
        assertThat(delivery.message()).isEqualTo(sent);
        Await.result(delivery.ack());
    }

    @Test
    void aRetryThatWasTakenSurvivesAnImmediateKill() {
        Queue queue = open(Broker.open(new RabbitMqProvider(), settings));
        CollectingSubscriber member = CollectingSubscriber.to(queue.consume(GROUP));
        Await.result(queue.group(GROUP).declare());
        Message sent = Await.result(queue.publish("event.x", Map.of("a", 1)));
        assertThat(Await.result(member.requestNext().retry(Duration.ofSeconds(1), "later")))
                .isEqualTo(Settlement.SETTLED);
        broker.kill9();
        broker.start();
        Delivery again = member.requestNext();
        assertThat(again.message()).isEqualTo(sent);
        assertThat(again.attempt()).isEqualTo(2);
        Await.result(again.ack());
    }

    @Test
    void anAlarmStopsPublishingAndNothingElse() {
        settings.put(QueueSettings.PUBLISH_TIMEOUT.name(), "2s");
        Queue queue = open(Broker.open(settings));
        CollectingSubscriber member = CollectingSubscriber.to(queue.consume(GROUP));
        Await.result(queue.group(GROUP).declare());
        publish(queue, 20);
        broker.control("set_vm_memory_high_watermark", "absolute", "1MB");
        CompletableFuture<Message> late = queue.publish("event.x", Map.of("late", true));
        Await.failure("a publish during an alarm", late);
        Await.until(
                "it says why it is down",
                () -> queue.status().state() == Status.State.DOWN
                        && queue.status().reason().contains("memory"));
        member.request(20)
                .next(20)
                .forEach(delivery -> assertThat(Await.result(delivery.ack())).isEqualTo(Settlement.SETTLED));
        CompletableFuture<Message> patient =
                queue.publish(Message.of("event.x", Payload.parse("{}")), Duration.ofSeconds(30));
        broker.control("set_vm_memory_high_watermark", "absolute", "1GB");
        Await.result(patient);
        Await.until("it is up again", () -> queue.status().state() == Status.State.UP);
    }

    @Test
    void whatTheBrokerHasForgottenIsDeclaredAgain() {
        Queue publisher = open(Broker.open(settings));
        Queue consumer = open(Broker.open(settings));
        CollectingSubscriber member = CollectingSubscriber.to(consumer.consume(GROUP));
        member.request(Long.MAX_VALUE);
        Await.result(publisher.group(Queue.DEFAULT_GROUP).declare());
        publish(publisher, 1);
        member.next();
        broker.control("stop_app");
        broker.control("force_reset");
        broker.control("start_app");
        Await.until("its consumer is there again", () -> {
            try {
                return Await.result(consumer.group(GROUP).stats()).consumers() == 1;
            } catch (RuntimeException notYet) {
                return false;
            }
        });
        Await.until(
                "both groups are there again",
                () -> Await.result(publisher.groups()).equals(List.of(GROUP, Queue.DEFAULT_GROUP)));
        Message sent = Await.result(publisher.publish("event.x", Map.of("a", 2)));
        assertThat(member.next().message()).isEqualTo(sent);
    }

    @Test
    void whatTheBrokerHasForgottenIsDeclaredAgainAlsoByWhoComesLast() {
        try (FaultyProxy proxy = FaultyProxy.to(broker.address(), 1)) {
            Map<String, String> far = new HashMap<>(settings);
            far.put("MQ_PORT", Integer.toString(proxy.address().getPort()));
            Queue late = open(Broker.open(far));
            Queue early = open(Broker.open(settings));
            Await.result(early.group("dropped").declare());
            Await.result(late.group("dropped").declare());
            Await.result(late.group("rare").declare());
            Await.result(early.group(GROUP).declare());
            Await.result(early.group("dropped").drop());
            proxy.cut();
            Await.until("it is connected again", () -> groups(late).equals(List.of(GROUP, "rare")));

            proxy.blackHole();
            proxy.cut();
            broker.control("stop_app");
            broker.control("force_reset");
            broker.control("start_app");
            Await.until("the first is back", () -> groups(early).contains(GROUP));
            assertThat(groups(early)).doesNotContain("rare");
            proxy.heal();
            Await.until("so is the last", () -> groups(early).contains("rare"));
        }
    }

    @Test
    void aDeletedExchangeIsMadeAgain() {
        Queue queue = open(Broker.open(settings));
        CollectingSubscriber member = CollectingSubscriber.to(queue.consume(GROUP));
        member.request(Long.MAX_VALUE);
        Await.result(queue.group(GROUP).declare());
        broker.control(
                "eval",
                "rabbit_exchange:delete(rabbit_misc:r(<<\"/\">>, exchange, <<\"" + settings.get("MQ_EXCHANGE")
                        + "\">>), false, <<\"test\">>).");
        Set<String> stored = new TreeSet<>();
        Await.until("publishing works again", () -> {
            queue.publish("event.x", Map.of("a", 1))
                    .handle((message, error) -> error == null && stored.add(message.id()))
                    .join();
            return !stored.isEmpty();
        });
        Await.until("and it comes", () -> member.count() > 0);
    }

    /** Those declared; none while the broker does not answer. */
    private static List<String> groups(Queue queue) {
        try {
            return Await.result(queue.groups());
        } catch (QueueException notYet) {
            return List.of();
        }
    }

    private Queue open(Queue queue) {
        opened.add(queue);
        return queue;
    }

    private static void publish(Queue queue, int count) {
        Await.result(queue.group(GROUP).declare());
        for (int i = 0; i < count; i++) {
            Await.result(queue.publish("event.x", Map.of("n", i)));
        }
    }
}
