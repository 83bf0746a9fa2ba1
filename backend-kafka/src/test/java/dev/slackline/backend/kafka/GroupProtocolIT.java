package dev.slackline.backend.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.Worker;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.broker.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.GroupType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By which protocol the members of a group find each other, and that nothing is lost or repeated when it changes. */
class GroupProtocolIT {

    private static final String GROUP = "bots";

    @TempDir
    static Path folder;

    private static KafkaBroker broker;

    private final Map<String, String> topic = new HashMap<>();
    private final Map<String, AtomicInteger> handled = new ConcurrentHashMap<>();
    private final List<Queue> opened = new ArrayList<>();

    @BeforeAll
    static void startBroker() {
        broker = KafkaBroker.in(folder).withQuickGroups();
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

    @Test
    void whereBrokersHaveTheNewProtocolItIsUsed() throws Exception {
        try (Worker worker = start("")) {
            publishAndWait(50);
            assertThat(protocol()).isEqualTo(GroupType.CONSUMER);
            assertThat(worker.ended().toCompletableFuture()).isNotDone();
        }
    }

    @Test
    void whereBrokersDoNotHaveItTheOlderOneIsUsed() throws Exception {
        level((short) 0);
        try (Worker worker = start("")) {
            publishAndWait(50);
            assertThat(protocol()).isEqualTo(GroupType.CLASSIC);
            assertThat(worker.ended().toCompletableFuture()).isNotDone();
        } finally {
            closeAll();
            level((short) 1);
        }
    }

    @Test
    void theOperatorMayChooseTheOlderOne() throws Exception {
        try (Worker worker = start("classic")) {
            publishAndWait(50);
            assertThat(protocol()).isEqualTo(GroupType.CLASSIC);
            assertThat(worker.ended().toCompletableFuture()).isNotDone();
        }
    }

    /** Each that comes or goes makes a new epoch, while the others commit what they have settled. */
    @Test
    void membersThatComeAndGoLoseAndRepeatNothing() {
        try (Worker steady = start("consumer")) {
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                try (Worker brief = start("consumer")) {
                    sent.addAll(publishAndWait(100));
                    assertThat(brief.close(Duration.ofSeconds(10)))
                            .as("drained")
                            .isTrue();
                }
            }
            assertThat(steady.ended().toCompletableFuture()).isNotDone();
            assertThat(handled.keySet()).containsExactlyInAnyOrderElementsOf(sent);
            assertThat(handled.values()).as("how often each was handled").allMatch(times -> times.get() == 1);
        }
    }

    @Test
    void aGroupThatChangesFromTheOldToTheNewOneLosesAndRepeatsNothing() {
        changeWhileItWorks("classic", "");
    }

    @Test
    void aGroupThatChangesFromTheNewToTheOldOneLosesAndRepeatsNothing() {
        changeWhileItWorks("consumer", "classic");
    }

    /** As when processes are replaced one after the other, and everything while messages come. */
    private void changeWhileItWorks(String from, String to) {
        Worker old = start(from);
        List<String> sent = publishAndWait(200);
        try (Worker fresh = start(to)) {
            sent.addAll(publishAndWait(200));
            assertThat(old.close(Duration.ofSeconds(10))).as("drained").isTrue();
            opened.get(0).close();
            sent.addAll(publishAndWait(200));
            assertThat(fresh.ended().toCompletableFuture()).isNotDone();
        }
        assertThat(handled.keySet()).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(handled.values()).as("how often each was handled").allMatch(times -> times.get() == 1);
    }

    private Worker start(String protocol) {
        topic.put("KAFKA_CLIENT_GROUP_PROTOCOL", protocol);
        Queue queue = Broker.open(topic);
        opened.add(queue);
        Await.result(queue.group(GROUP).declare());
        return Worker.start(
                queue,
                GROUP,
                4,
                delivery -> handled.computeIfAbsent(delivery.message().id(), id -> new AtomicInteger())
                        .incrementAndGet());
    }

    private List<String> publishAndWait(int count) {
        Queue publisher = opened.get(opened.size() - 1);
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Message message = Await.result(publisher.publish("event.message", Payload.of(Map.of("n", i))));
            sent.add(message.id());
        }
        Await.until(
                () -> "all are handled; " + handled.size() + " are",
                Duration.ofSeconds(30),
                () -> handled.keySet().containsAll(sent));
        return sent;
    }

    private GroupType protocol() throws Exception {
        String id = topic.get("KAFKA_TOPIC") + "." + GROUP;
        try (Admin admin = Broker.admin(topic)) {
            return Objects.requireNonNull(admin.describeConsumerGroups(List.of(id))
                            .all()
                            .get()
                            .get(id))
                    .type();
        }
    }

    private void level(short level) throws Exception {
        try (Admin admin = Broker.admin(topic)) {
            FeatureUpdate update = new FeatureUpdate(
                    level, level == 0 ? FeatureUpdate.UpgradeType.UNSAFE_DOWNGRADE : FeatureUpdate.UpgradeType.UPGRADE);
            admin.updateFeatures(Map.of(GroupRules.FEATURE, update), new UpdateFeaturesOptions())
                    .all()
                    .get();
            Await.until("the brokers know", () -> {
                try {
                    return Abilities.of(admin).has(GroupRules.FEATURE, 1) == (level == 1);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }
}
