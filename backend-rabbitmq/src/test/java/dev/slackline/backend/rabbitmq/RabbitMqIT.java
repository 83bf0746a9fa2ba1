package dev.slackline.backend.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.GetResponse;
import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.broker.RabbitMqBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kit cannot see: what stands at the broker, and where others lost messages on RabbitMQ. */
class RabbitMqIT {

    private static final String GROUP = "bots";

    @TempDir
    static Path folder;

    private static RabbitMqBroker broker;

    private final List<Queue> opened = new ArrayList<>();
    private Map<String, String> settings = Map.of();
    private String exchange = "";

    @BeforeAll
    static void startBroker() {
        broker = RabbitMqBroker.in(folder);
        broker.start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) { // null where RabbitMQ is not installed
            broker.close();
        }
    }

    @BeforeEach
    void newTopic() {
        settings = Broker.newTopic(broker.address(), "it-");
        exchange = settings.getOrDefault("MQ_EXCHANGE", "");
    }

    @AfterEach
    void closeAll() {
        opened.forEach(Queue::close);
    }

    @Test
    void theBrokerHasWhatTheProtocolNames() {
        Queue queue = open();
        Await.result(queue.group(Queue.DEFAULT_GROUP).declare());
        Await.result(queue.group(GROUP).declare());
        assertThat(broker.control("list_exchanges", "name", "type", "durable")).contains(exchange + "\ttopic\ttrue");
        assertThat(broker.control("list_queues", "name", "type", "durable"))
                .contains(exchange + "_default\tquorum\ttrue", exchange + "_bots\tquorum\ttrue");
        assertThat(broker.control("list_bindings", "source_name", "destination_name", "routing_key"))
                .contains(exchange + "\t" + exchange + "_default\t#", exchange + "\t" + exchange + "_bots\t#");

        Await.result(queue.group(GROUP).drop());
        assertThat(broker.control("list_queues", "name"))
                .contains(exchange + "_default")
                .doesNotContain(exchange + "_bots", exchange + ".bots");
    }

    @Test
    void aMessageIsWhatAnyProgramExpects() throws Exception {
        Queue queue = open();
        Await.result(queue.group(GROUP).declare());
        Message sent = Await.result(queue.publish(Message.of("event.app_mention", Payload.parse("{ \"text\": 1 }"))
                .withHeaders(Map.of("slack-team", "T1", "CC", "nobody", "x-death", "never"))));
        try (Connection connection = Broker.connect(settings);
                Channel channel = connection.createChannel()) {
            GetResponse got = channel.basicGet(exchange + "_bots", true);
            BasicProperties properties = got.getProps();
            assertThat(new String(got.getBody(), StandardCharsets.UTF_8)).isEqualTo("{ \"text\": 1 }");
            assertThat(got.getEnvelope().getRoutingKey()).isEqualTo("event.app_mention");
            assertThat(properties.getDeliveryMode()).isEqualTo(2);
            assertThat(properties.getContentType()).isEqualTo("application/json");
            assertThat(properties.getMessageId()).isEqualTo(sent.id());
            assertThat(properties.getTimestamp().toInstant().getEpochSecond())
                    .isEqualTo(sent.publishedAt().getEpochSecond());
            assertThat(properties.getHeaders().get("slack-team")).hasToString("T1");
        }
    }

    @Test
    void whatAnotherProgramPublishedKeepsItsIdOverRedeliveries() throws Exception {
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        Broker.publish(settings, "event.x", new BasicProperties(), "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        Delivery first = member.requestNext();
        assertThat(first.message().key()).isEqualTo("event.x");
        Await.result(first.release());
        Delivery again = member.requestNext();
        assertThat(again.message().id()).isEqualTo(first.message().id()).startsWith("foreign-");
        Await.result(again.ack());
    }

    @Test
    void headersThatFitIntoNoFramePassThroughToTheDeadLettersAndBack() {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < 64; i++) {
            headers.put("header-" + i, "ü".repeat(4096));
        }
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        Message sent = Await.result(
                queue.publish(Message.of("event.x", Payload.parse("{\"a\":1}")).withHeaders(headers)));
        Delivery delivery = member.requestNext();
        assertThat(delivery.message()).isEqualTo(sent);
        Await.result(delivery.deadLetter("too much"));
        assertThat(Await.result(queue.group(GROUP).deadLetters().replayAll())).isEqualTo(1);
        Delivery again = member.requestNext();
        assertThat(again.message()).isEqualTo(sent);
        Await.result(again.ack());
    }

    @Test
    void theBrokerSendsNoMoreThanWasAskedFor() {
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        publish(queue, 200);
        List<Delivery> held = member.request(7).next(7);
        assertThat(ready("_bots")).isEqualTo(193);
        Await.holds("no more come", Duration.ofSeconds(1), () -> ready("_bots") == 193);
        held.subList(0, 5).forEach(Delivery::ack);
        Await.until("what came and nobody asked for has gone back", () -> ready("_bots") == 193);
        member.request(1000);
        Await.until("all come", () -> member.count() == 200);
        member.received().forEach(Delivery::ack);
    }

    @Test
    void aConsumerThatAcknowledgesOneAtATimeAndHoldsOthersIsNotStarved() {
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        publish(queue, 60);
        List<Delivery> held = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            held.add(member.requestNext());
        }
        held.forEach(delivery -> assertThat(Await.result(delivery.ack())).isEqualTo(Settlement.SETTLED));
        assertThat(broker.control("list_consumers", "queue_name", "consumer_tag"))
                .contains("consumer_bots_");
    }

    @Test
    void whatWasHeldOverACutIsStaleAndSettlesNothingElse() {
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        publish(queue, 3);
        List<Delivery> held = member.request(3).next(3);
        broker.closeConnections();
        member.request(3);
        List<Delivery> again = member.next(3); // on another channel, with the same tags
        held.forEach(delivery -> assertThat(Await.result(delivery.ack())).isEqualTo(Settlement.STALE));
        assertThat(Await.result(queue.group(GROUP).stats()).inFlight()).isEqualTo(3);
        again.forEach(delivery -> assertThat(Await.result(delivery.ack())).isEqualTo(Settlement.SETTLED));
        member.cancel();
        Await.until("they are settled once, by whoever has them", () -> {
            GroupStats stats = Await.result(queue.group(GROUP).stats());
            return stats.waiting() == 0 && stats.consumers() == 0;
        });
    }

    @Test
    void aMessageThatKillsEveryConsumerBecomesADeadLetter() throws Exception {
        Queue queue = open();
        Await.result(queue.group(GROUP).declare());
        Message sent = Await.result(queue.publish("event.killer", Map.of("a", 1)));
        for (int i = 0; i <= Topology.MOST_RETURNS; i++) {
            try (Connection connection = Broker.connect(settings)) {
                Channel channel = connection.createChannel();
                CompletableFuture<Boolean> got = new CompletableFuture<>();
                channel.basicConsume(exchange + "_bots", false, new DefaultConsumer(channel) {
                    @Override
                    public void handleDelivery(
                            String tag,
                            com.rabbitmq.client.Envelope envelope,
                            BasicProperties properties,
                            byte[] body) {
                        got.complete(true);
                    }
                });
                Await.result(got); // and dies with it
            }
        }
        Await.until("it is a dead letter", () -> dead(queue).size() == 1);
        DeadLetter letter = dead(queue).get(0);
        assertThat(letter.message()).isEqualTo(sent);
        assertThat(letter.last().reason()).contains("50 times");
        assertThat(Await.result(queue.group(GROUP).deadLetters().replay(List.of(sent.id()))))
                .isEqualTo(1);
        Delivery back = consume(queue).requestNext();
        assertThat(back.message()).isEqualTo(sent);
        Await.result(back.ack());
    }

    @Test
    void whatIsGivenBackInOrderNeverAddsUpToThat() {
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        publish(queue, 1);
        for (int i = 0; i < 2 * Topology.MOST_RETURNS; i++) {
            Delivery delivery = member.requestNext();
            assertThat(delivery.attempt()).isEqualTo(1);
            Await.result(delivery.release());
        }
        Await.result(member.requestNext().ack());
        assertThat(dead(queue)).isEmpty();
    }

    @Test
    void aDelayLongerThanAnyQueueAllowsIsServedInParts() throws Exception {
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        publish(queue, 1);
        Await.result(member.requestNext().retry(Duration.ofDays(60), "in two months"));
        assertThat(ready(".bots.retry.3900000000")).isEqualTo(1);

        BasicProperties waiting = new BasicProperties.Builder()
                .messageId("early")
                .headers(Map.of(Wire.REMAINING_DELAY, 700L, Wire.ATTEMPT, 2))
                .build();
        long start = System.nanoTime();
        Broker.publish(settings, "event.x", waiting, "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        Delivery late = member.requestNext();
        assertThat(late.message().id()).isEqualTo("early");
        assertThat(late.attempt()).isEqualTo(2);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(680));
        Await.result(late.ack());
    }

    @Test
    void whatIsHeldForLongerThanTheBrokerAllowsGoesBack() {
        settings.put("MQ_CONSUMER_TIMEOUT", "2s");
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        publish(queue, 1);
        Delivery held = member.requestNext();
        CollectingSubscriber other = consume(queue).request(1);
        Delivery again = other.next(); // although its lease of a minute is not over
        assertThat(again.message()).isEqualTo(held.message());
        assertThat(Await.result(held.renew())).isFalse();
        assertThat(Await.result(held.ack())).isEqualTo(Settlement.STALE);
        assertThat(Await.result(again.ack())).isEqualTo(Settlement.SETTLED);
    }

    @Test
    void twoOperatorsAtOnceReplayEachDeadLetterOnce() {
        Queue queue = open();
        Queue other = open();
        CollectingSubscriber member = consume(queue).request(Long.MAX_VALUE);
        publish(queue, 300);
        member.next(300).forEach(delivery -> Await.result(delivery.deadLetter("no")));
        member.cancel();
        List<CompletableFuture<Integer>> replays = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            replays.add(queue.group(GROUP).deadLetters().replayAll().toCompletableFuture());
            replays.add(other.group(GROUP).deadLetters().replayAll().toCompletableFuture());
        }
        assertThat(replays.stream().mapToInt(Await::result).sum()).isEqualTo(300);
        assertThat(Await.result(queue.group(GROUP).stats()).ready()).isEqualTo(300);
        assertThat(dead(other)).isEmpty();
    }

    @Test
    void deadLettersStayInOrderHoweverOftenTheyAreListed() {
        Queue queue = open();
        CollectingSubscriber member = consume(queue).request(Long.MAX_VALUE);
        List<Delivery> deliveries = member.next(publish(queue, 1_200).size()); // more than are read at once
        List<String> ids =
                deliveries.stream().map(delivery -> delivery.message().id()).toList();
        deliveries.subList(0, 40).forEach(delivery -> Await.result(delivery.deadLetter("no")));
        for (int i = 0; i < 60; i++) { // more often than a message may come back to its group
            assertThat(dead(queue))
                    .extracting(letter -> letter.message().id())
                    .containsExactlyElementsOf(ids.subList(0, 40));
        }
        deliveries.subList(40, ids.size()).forEach(delivery -> Await.result(delivery.deadLetter("no")));
        for (int i = 0; i < 5; i++) {
            List<DeadLetter> page = dead(queue);
            assertThat(page)
                    .extracting(letter -> letter.message().id())
                    .containsExactlyElementsOf(ids.subList(0, 1_000));
            assertThat(Await.result(queue.group(GROUP).deadLetters().list(ids.get(999), 1_000)))
                    .extracting(letter -> letter.message().id())
                    .containsExactlyElementsOf(ids.subList(1_000, ids.size()));
        }
        assertThat(Await.result(queue.group(GROUP).deadLetters().dropAll())).isEqualTo(ids.size());
    }

    @Test
    void thePermissionsInTheManualAreEnough() {
        String pattern = "^" + exchange + "([._].*)?$";
        broker.control("add_user", exchange, "secret");
        broker.control("set_permissions", exchange, pattern, "^(amq\\.default|" + exchange + "([._].*)?)$", pattern);
        settings.put("MQ_USERNAME", exchange);
        settings.put("MQ_PASSWORD", "secret");
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        publish(queue, 1);
        Await.result(member.requestNext().retry(Duration.ofMillis(20), "once more"));
        Await.result(member.requestNext().deadLetter("no"));
        assertThat(Await.result(queue.group(GROUP).deadLetters().replayAll())).isEqualTo(1);
        Await.result(member.requestNext().ack());
        assertThat(Await.result(queue.groups())).containsExactly(GROUP);
        Await.result(queue.group(GROUP).drop());
    }

    @Test
    void whoMayNotWriteIsToldSoAtOnce() {
        Await.result(open().group(GROUP).declare());
        broker.control("add_user", exchange, "secret");
        broker.control("set_permissions", exchange, ".*", "^nothing$", ".*");
        settings.put("MQ_USERNAME", exchange);
        settings.put("MQ_PASSWORD", "secret");
        Queue queue = open();
        assertThat(Await.failure("a publish without permission", queue.publish("event.x", Map.of())))
                .isInstanceOfSatisfying(
                        PublishException.class,
                        refusal -> assertThat(refusal.retryable()).isFalse())
                .hasMessageContaining("set_permissions");
    }

    @Test
    void whoMayNotReadIsToldSoAtOnce() {
        Await.result(open().group(GROUP).declare());
        broker.control("add_user", exchange, "secret");
        broker.control("set_permissions", exchange, ".*", ".*", "^" + exchange + "(\\.groups)?$");
        settings.put("MQ_USERNAME", exchange);
        settings.put("MQ_PASSWORD", "secret");
        Queue queue = open();
        assertThat(Await.failure(
                        "a stream without permission", consume(queue).request(1).ended()))
                .isInstanceOfSatisfying(
                        QueueException.class,
                        refusal -> assertThat(refusal.retryable()).isFalse())
                .hasMessageContaining("set_permissions");
    }

    @Test
    void aQueueOfAnotherKindIsNamedWithWhatToDo() throws Exception {
        try (Connection connection = Broker.connect(settings);
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(exchange + "_bots", true, false, false, Map.of());
        }
        Queue queue = open();
        assertThatThrownBy(() -> Await.result(queue.group(GROUP).declare()))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining(exchange + "_bots")
                .hasMessageContaining("delete it")
                .hasMessageContaining("MQ_EXCHANGE");
    }

    private Queue open() {
        Queue queue = Broker.open(settings);
        opened.add(queue);
        return queue;
    }

    private static CollectingSubscriber consume(Queue queue) {
        Await.result(queue.group(GROUP).declare());
        return CollectingSubscriber.to(queue.consume(GROUP));
    }

    private static List<String> publish(Queue queue, int count) {
        Await.result(queue.group(GROUP).declare());
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(Await.result(queue.publish("event.x", Map.of("n", i))).id());
        }
        return ids;
    }

    private static List<DeadLetter> dead(Queue queue) {
        return Await.result(queue.group(GROUP).deadLetters().list(null, 1000));
    }

    /** How many wait in the queue of this name and are with nobody. */
    private int ready(String name) {
        try (Connection connection = Broker.connect(settings);
                Channel channel = connection.createChannel()) {
            return channel.queueDeclarePassive(exchange + name).getMessageCount();
        } catch (IOException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
