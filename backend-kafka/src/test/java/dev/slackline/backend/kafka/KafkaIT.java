package dev.slackline.backend.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Status;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lost or repeated messages elsewhere, and is not in the kit. */
class KafkaIT {

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

    @Test
    void processesThatComeAndGoUnderLoadRepeatNothing() {
        Queue publisher = open();
        Map<String, AtomicInteger> handled = new ConcurrentHashMap<>();
        int count = 6_000;
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
            List<CompletableFuture<Message>> publishes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                publishes.add(publisher.publish("event.message", Payload.of(Map.of("n", i))));
                if (i % 20 == 0) {
                    Await.result(publishes.get(i));
                }
            }
            publishes.forEach(Await::result);
        });
        Worker.Handler handler =
                delivery -> handled.computeIfAbsent(delivery.message().id(), id -> new AtomicInteger())
                        .incrementAndGet();
        try (Worker steady = Worker.start(open(), GROUP, 8, handler)) {
            for (int i = 0; i < 4; i++) {
                Queue guest = open();
                int before = handled.size();
                Worker worker = Worker.start(guest, GROUP, 8, handler);
                Await.until("work goes on", () -> handled.size() >= Math.min(count, before + 500));
                assertThat(worker.close(Duration.ofSeconds(10))).as("drained").isTrue();
                guest.close();
            }
            publishing.join();
            Await.until(
                    () -> "all are handled; " + handled.size() + " are",
                    Duration.ofSeconds(30),
                    () -> handled.size() == count);
            assertThat(steady.ended().toCompletableFuture()).isNotDone();
        }
        assertThat(handled.values()).as("how often each was handled").allMatch(times -> times.get() == 1);
    }

    @Test
    void aSlowHandlerNeitherHoldsUpARebalanceNorIsRepeatedByIt() throws InterruptedException {
        topic.put("QUEUE_PREFETCH", "3");
        Queue one = open();
        Queue two = open();
        CountDownLatch leave = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(3);
        Set<String> slow = ConcurrentHashMap.newKeySet();
        ConcurrentLinkedQueue<String> quick = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 3; i++) {
            publish(one, i);
        }
        try (Worker stuck = Worker.start(one, GROUP, 3, delivery -> {
            slow.add(delivery.message().id());
            entered.countDown();
            leave.await();
        })) {
            entered.await();
            try (Worker free = Worker.start(
                    two, GROUP, 3, delivery -> quick.add(delivery.message().id()))) {
                List<String> later = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    later.add(publish(one, 100 + i).id());
                }
                Await.until(
                        () -> "the others go on; " + quick.size() + " did",
                        Await.bound(),
                        () -> quick.containsAll(later));
                leave.countDown();
                Await.until(
                        "what was slow is settled",
                        () -> Await.result(one.group(GROUP).stats()).waiting() == 0);
                assertThat(quick).doesNotContainAnyElementsOf(slow).hasSize(later.size());
                assertThat(stuck.ended().toCompletableFuture()).isNotDone();
                assertThat(free.ended().toCompletableFuture()).isNotDone();
            }
        }
    }

    @Test
    void attemptsAndDelaysOutliveTheProcess() {
        Queue first = open();
        Message sent = publish(first, 1);
        CollectingSubscriber member = CollectingSubscriber.to(first.consume(GROUP));
        Await.result(member.request(1).next().retry(Duration.ofMillis(1), "once"));
        Delivery second = member.request(1).next();
        long failed = System.nanoTime();
        Await.result(second.retry(Duration.ofSeconds(3), "twice"));
        first.close();
        Delivery again =
                CollectingSubscriber.to(open().consume(GROUP)).request(1).next();
        assertThat(again.message()).isEqualTo(sent);
        assertThat(again.attempt()).isEqualTo(3);
        assertThat(Duration.ofNanos(System.nanoTime() - failed)).isGreaterThan(Duration.ofMillis(2_900));
        Await.result(again.ack());
    }

    @Test
    void aPartitionThatIsTakenAwayIsNotCommitted() {
        topic.put("QUEUE_LEASE", "3s"); // and so is the session
        Queue frozen = open();
        Message sent = publish(frozen, 1);
        CollectingSubscriber member = CollectingSubscriber.to(frozen.consume(GROUP));
        Delivery stale = member.request(1).next();
        Queue other = open();
        CollectingSubscriber heir =
                CollectingSubscriber.to(other.consume(GROUP)).request(1);
        Delivery current = heir.next(); // the lease is over, and nobody asks there
        assertThat(current.message()).isEqualTo(sent);
        assertThat(Await.result(stale.ack())).isEqualTo(Settlement.STALE);
        assertThat(Await.result(current.ack())).isEqualTo(Settlement.SETTLED);
    }

    @Test
    void messagesThatTheTopicHasThrownAwayAreToldOf() throws Exception {
        topic.put("KAFKA_PARTITIONS", "1");
        Queue queue = open();
        List<Message> sent = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            sent.add(publish(queue, i));
        }
        TopicPartition first = new TopicPartition(topic.get("KAFKA_TOPIC"), 0);
        try (Admin admin = Broker.admin(topic)) {
            long end = admin.listOffsets(Map.of(first, OffsetSpec.latest()))
                    .partitionResult(first)
                    .get()
                    .offset();
            assertThat(end).isPositive();
            admin.deleteRecords(Map.of(first, RecordsToDelete.beforeOffset(end)))
                    .all()
                    .get();
        }
        CollectingSubscriber member =
                CollectingSubscriber.to(queue.consume(GROUP), Delivery::ack).request(100);
        Await.until("it is told", () -> queue.status().state() == Status.State.DEGRADED);
        assertThat(queue.status().reason()).contains("retention.ms").contains(GROUP);
        assertThat(member.ended()).isNotDone();
        assertThat(sent).hasSize(30);
    }

    @Test
    void ofManyThatDeclareAGroupAtOnceNoneBeginsLate() {
        List<Queue> queues = List.of(open(), Broker.open(topic), Broker.open(topic), Broker.open(topic));
        opened.addAll(queues);
        List<CompletableFuture<Message>> published = new ArrayList<>();
        List<CompletableFuture<Void>> declared = new ArrayList<>();
        for (Queue queue : queues) {
            declared.add(queue.group("late")
                    .declare()
                    .thenRun(() -> published.add(queue.publish("event.message", Map.of("after", "declared"))))
                    .toCompletableFuture());
        }
        declared.forEach(Await::result);
        List<String> ids =
                published.stream().map(Await::result).map(Message::id).toList();
        CollectingSubscriber member = CollectingSubscriber.to(queues.get(0).consume("late"), Delivery::ack)
                .request(100);
        Await.until(
                "every one of them comes",
                () -> member.received().stream()
                        .map(delivery -> delivery.message().id())
                        .toList()
                        .containsAll(ids));
    }

    @Test
    void aGroupThatIsDeclaredAnewDoesNotGoOnWhereTheOldOneWas() {
        Queue queue = open();
        publish(queue, 1);
        Await.result(
                CollectingSubscriber.to(queue.consume(GROUP)).request(1).next().ack());
        publish(queue, 2);
        Await.result(queue.group(GROUP).drop());
        Await.result(queue.group(GROUP).declare());
        Message sent = publish(queue, 3);
        Delivery next = CollectingSubscriber.to(queue.consume(GROUP)).request(1).next();
        assertThat(next.message()).as("the first after it was declared anew").isEqualTo(sent);
        Await.result(next.ack());
    }

    @Test
    void whatEveryGroupHasSettledIsDeleted() throws Exception {
        topic.put("KAFKA_PARTITIONS", "1");
        Queue queue = open();
        Await.result(queue.group("slow").declare());
        for (int i = 0; i < 10; i++) {
            publish(queue, i);
        }
        CollectingSubscriber quick =
                CollectingSubscriber.to(queue.consume(GROUP)).request(10);
        quick.next(10).forEach(delivery -> Await.result(delivery.ack()));
        CollectingSubscriber slow =
                CollectingSubscriber.to(queue.consume("slow")).request(10);
        List<Delivery> held = slow.next(10);
        held.subList(0, 4).forEach(delivery -> Await.result(delivery.ack()));
        Await.result(held.get(8).ack());
        TopicPartition only = new TopicPartition(topic.get("KAFKA_TOPIC"), 0);
        try (Admin admin = Broker.admin(topic)) {
            Broker.tidy(topic);
            assertThat(admin.listOffsets(Map.of(only, OffsetSpec.earliest()))
                            .partitionResult(only)
                            .get()
                            .offset())
                    .as("the first that is kept")
                    .isEqualTo(4);
        }
    }

    @Test
    void aTopicThatMayNotBeMadeIsAnErrorThatSaysWhatToMake() {
        topic.put("KAFKA_BOOTSTRAP", Broker.at(broker.saslAddress()));
        topic.put("KAFKA_CLIENT_SECURITY_PROTOCOL", "SASL_PLAINTEXT");
        topic.put("KAFKA_CLIENT_SASL_MECHANISM", "PLAIN");
        topic.put(
                "KAFKA_CLIENT_SASL_JAAS_CONFIG",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"stranger\""
                        + " password=\"stranger\";");
        try {
            Broker.open(topic).close();
            assertThat(true).as("opened without a permission").isFalse();
        } catch (QueueException refused) {
            assertThat(refused.retryable()).isFalse();
            assertThat(refused).hasMessageContaining("permission").hasMessageContaining("Create");
            assertThat(refused.getMessage()).doesNotContain("password");
        }
    }
}
