package dev.slackline.backend.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Worker;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.broker.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What share groups would lose or repeat by themselves. */
class ShareIT {

    private static final String GROUP = "bots";

    @TempDir
    static Path folder;

    private static KafkaBroker broker;

    private final Map<String, String> topic = new HashMap<>();
    private final List<Queue> opened = new ArrayList<>();

    @BeforeAll
    static void startBroker() {
        broker = KafkaBroker.in(folder);
        broker.start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) { // null where Kafka is not on the class path
            broker.close();
        }
    }

    @BeforeEach
    void nameTopic() {
        topic.putAll(Broker.newTopic(broker.address()));
        topic.put("KAFKA_MODE", "share");
    }

    @AfterEach
    void closeAll() {
        opened.forEach(Queue::close);
    }

    private Queue open() {
        Queue queue = Broker.open(topic);
        opened.add(queue);
        Await.result(queue.group(GROUP).declare());
        return queue;
    }

    private static Message publish(Queue queue, int number) {
        return Await.result(queue.publish("event.message", Payload.of(Map.of("n", number))));
    }

    /** The broker counts, and throws away what was given out ten times. */
    @Test
    void whatIsGivenOutAgainAndAgainIsNotThrownAway() throws Exception {
        Queue queue = open();
        Message sent = publish(queue, 1);
        try (KafkaShareConsumer<byte[], byte[]> restless = restless(shareGroup())) {
            restless.subscribe(List.of(topic.get("KAFKA_TOPIC")));
            for (int i = 0; i < 8; i++) {
                List<ConsumerRecord<byte[], byte[]>> given = new ArrayList<>();
                Await.until("it is given out", () -> {
                    restless.poll(Duration.ofMillis(100)).forEach(given::add);
                    return !given.isEmpty();
                });
                given.forEach(record -> restless.acknowledge(record, AcknowledgeType.RELEASE));
                restless.commitSync();
            }
        }
        for (int i = 0; i < 12; i++) {
            Queue process = open();
            CollectingSubscriber member = CollectingSubscriber.to(process.consume(GROUP));
            Delivery delivery = member.requestNext();
            assertThat(delivery.message()).isEqualTo(sent);
            assertThat(delivery.attempt()).isEqualTo(1);
            process.close(); // without a word
        }
        CollectingSubscriber member = CollectingSubscriber.to(queue.consume(GROUP));
        assertThat(Await.result(member.requestNext().ack())).isEqualTo(Settlement.SETTLED);
    }

    @Test
    void aHandlerThatIsSlowerThanTheLockOfTheBrokerIsNotRepeated() throws Exception {
        topic.put("QUEUE_LEASE", "2s");
        Queue queue = open();
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch leave = new CountDownLatch(1);
        publish(queue, 1);
        try (Worker worker = Worker.start(queue, GROUP, 1, delivery -> {
            calls.incrementAndGet();
            leave.await();
        })) {
            Await.until("it is handled", () -> calls.get() == 1);
            try (Worker rival = Worker.start(open(), GROUP, 4, delivery -> calls.incrementAndGet())) {
                Await.holds("nobody else gets it", Duration.ofSeconds(5), () -> calls.get() == 1);
                leave.countDown();
                assertThat(worker.close(Duration.ofSeconds(10))).as("drained").isTrue();
                publish(queue, 2);
                Await.until("the next is handled", () -> calls.get() == 2);
                assertThat(rival.ended().toCompletableFuture()).isNotDone();
            }
        }
    }

    @Test
    void moreProcessesThanPartitionsShareTheWork() {
        topic.put("KAFKA_PARTITIONS", "1");
        topic.put("QUEUE_PREFETCH", "1");
        Set<Integer> busy = ConcurrentHashMap.newKeySet();
        CountDownLatch leave = new CountDownLatch(1);
        List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            workers.add(Worker.start(open(), GROUP, 1, delivery -> {
                busy.add(number);
                leave.await();
            }));
        }
        for (int i = 0; i < 12; i++) {
            publish(opened.get(0), i);
        }
        Await.until(
                () -> "each of three has something of one partition; " + busy,
                Duration.ofSeconds(30),
                () -> busy.size() == 3);
        leave.countDown();
        workers.forEach(worker ->
                assertThat(worker.close(Duration.ofSeconds(10))).as("drained").isTrue());
    }

    @Test
    void aGroupStaysInItsMode() {
        open();
        topic.put("KAFKA_MODE", "ordered");
        Queue other = Broker.open(topic);
        opened.add(other);
        Throwable refusal = catchThrowable(() -> Await.result(other.group(GROUP).declare()));
        assertThat(refusal).hasStackTraceContaining("was declared with another KAFKA_MODE");
    }

    @Test
    @Timeout(120)
    void whatIsSettledIsDeletedAndCountedNoMore() {
        Queue queue = open();
        for (int i = 0; i < 30; i++) {
            publish(queue, i);
        }
        AtomicInteger handled = new AtomicInteger();
        try (Worker worker = Worker.start(queue, GROUP, 4, delivery -> {
            if (delivery.attempt() == 1 && handled.incrementAndGet() <= 30 && handled.get() % 3 == 0) {
                throw new IllegalStateException("once more");
            }
        })) {
            Await.until(() -> "all are settled; " + handled, Duration.ofSeconds(30), () -> {
                var stats = Await.result(queue.group(GROUP).stats());
                return stats.ready() + stats.inFlight() + stats.delayed() == 0 && handled.get() == 30;
            });
            Await.until(
                    () -> "nothing is left of what was put off, and little of the rest; " + Broker.held(topic, "")
                            + " and " + Broker.held(topic, ".later"),
                    Duration.ofSeconds(60),
                    () -> {
                        publish(queue, 0); // Kafka writes down with a settlement how far the one before has come
                        Broker.tidy(topic);
                        return Broker.held(topic, "") < 30 && Broker.held(topic, ".later") == 0;
                    });
            assertThat(worker.ended().toCompletableFuture()).isNotDone();
        }
    }

    private String shareGroup() throws Exception {
        try (Admin admin = Broker.admin(topic)) {
            return admin.listGroups(ListGroupsOptions.forShareGroups()).all().get().stream()
                    .map(GroupListing::groupId)
                    .filter(id -> id.startsWith(topic.get("KAFKA_TOPIC") + "."))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private KafkaShareConsumer<byte[], byte[]> restless(String group) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                topic.get("KAFKA_BOOTSTRAP"),
                "group.id",
                group,
                "share.acknowledgement.mode",
                "explicit");
        return new KafkaShareConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
