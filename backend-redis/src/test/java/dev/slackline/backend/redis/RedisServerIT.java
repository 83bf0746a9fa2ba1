package dev.slackline.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Status;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.broker.RedisBroker;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a server of one's own can be made to do. */
class RedisServerIT {

    private static final String GROUP = "bots";

    @TempDir
    Path folder;

    private final List<RedisBroker> brokers = new ArrayList<>();
    private final List<Queue> opened = new ArrayList<>();

    @AfterEach
    void stopAll() {
        opened.forEach(Queue::close);
        brokers.forEach(RedisBroker::close);
    }

    @Test
    void aServerThatIsFullCanBeWorkedOff() {
        RedisBroker broker = start("maxmemory 6mb");
        Map<String, String> settings = Redis.newTopic(broker.address());
        settings.put(QueueSettings.PUBLISH_RETRIES.name(), "0");
        Queue queue = open(settings);
        Await.result(queue.group(GROUP).declare());
        String text = "x".repeat(20_000);
        AtomicInteger confirmed = new AtomicInteger();
        Await.until("a publish is refused, and the status says why", () -> {
            Throwable refusal = queue.publish("event.x", Map.of("text", text))
                    .handle((message, error) -> error)
                    .join();
            confirmed.addAndGet(refusal == null ? 1 : 0);
            return refusal != null
                    && String.valueOf(refusal.getMessage()).contains("memory")
                    && queue.status().state() == Status.State.DOWN
                    && queue.status().reason().contains("maxmemory");
        });
        int stored = confirmed.get();

        CollectingSubscriber member =
                CollectingSubscriber.to(queue.consume(GROUP)).request(3);
        List<Delivery> three = member.next(3);
        assertThat(Await.result(three.get(0).retry(Duration.ofHours(1), "later")))
                .isEqualTo(Settlement.SETTLED);
        assertThat(Await.result(three.get(1).deadLetter("never"))).isEqualTo(Settlement.SETTLED);
        assertThat(Await.result(three.get(2).ack())).isEqualTo(Settlement.SETTLED);
        member.request(stored - 3).next(stored - 3).forEach(delivery -> Await.result(delivery.ack()));
        Await.until("it is up again", () -> queue.status().state() == Status.State.UP);
        Await.result(queue.publish("event.x", Map.of("a", 1)));
    }

    @Test
    void aServerThatCannotWriteToItsDiskIsDownUntilItCan() throws IOException {
        Files.createDirectories(folder.resolve("redis0/occupied/by-a-file")); // where its snapshot is to go
        RedisBroker broker = start("dbfilename occupied");
        Map<String, String> settings = Redis.newTopic(broker.address());
        settings.put(QueueSettings.PUBLISH_RETRIES.name(), "0");
        Queue queue = open(settings);
        Await.result(queue.group(GROUP).declare());
        on(broker, redis -> redis.configSet("save", "3600 1"));
        on(broker, RedisCommands::bgsave);
        Await.until(
                "a snapshot has failed",
                () -> on(broker, redis -> redis.info("persistence")).contains("rdb_last_bgsave_status:err"));
        assertThat(Await.failure("a publish", queue.publish("event.x", Map.of("a", 1))))
                .isInstanceOfSatisfying(
                        QueueException.class,
                        refusal -> assertThat(refusal.retryable()).isTrue())
                .hasMessageContaining("disk");
        assertThat(queue.status().state()).isEqualTo(Status.State.DOWN);
        on(broker, redis -> redis.configSet("stop-writes-on-bgsave-error", "no"));
        Await.until("it is up again", () -> queue.status().state() == Status.State.UP);
    }

    @Test
    void aMasterThatHasBecomeAReplicaIsNotWrittenToUntilItIsMasterAgain() {
        RedisBroker one = start();
        RedisBroker two = start();
        Map<String, String> settings = Redis.newTopic(one.address());
        Queue queue = open(settings);
        CollectingSubscriber member =
                CollectingSubscriber.to(queue.consume(GROUP)).request(100);
        Await.result(queue.group(GROUP).declare());
        Await.result(queue.publish("event.x", Map.of("a", 1)));
        Await.result(member.next().ack());
        on(two, redis -> redis.replicaof("127.0.0.1", one.address().getPort()));
        Await.until(
                "the other one has everything",
                () -> on(two, redis -> redis.info("replication")).contains("master_link_status:up"));
        on(two, RedisCommands::replicaofNoOne);
        on(one, redis -> redis.replicaof("127.0.0.1", two.address().getPort()));
        Throwable refusal = queue.publish(Message.of("event.x", Payload.parse("{}")), Duration.ofSeconds(2))
                .handle((message, error) -> error)
                .join();
        assertThat(refusal).isInstanceOf(QueueException.class);
        assertThat(((QueueException) refusal).retryable()).isTrue();
        Await.until(
                "it says why it is down",
                () -> queue.status().state() == Status.State.DOWN
                        && queue.status().reason().contains("replica"));
        on(one, RedisCommands::replicaofNoOne);
        Await.until("it is up again", () -> queue.status().state() == Status.State.UP);
        Message sent = Await.result(queue.publish("event.x", Map.of("a", 2)));
        assertThat(member.next().message()).isEqualTo(sent);
    }

    @Test
    void aPasswordAloneIsEnoughAndAWrongOneIsSaidAtOnce() {
        RedisBroker broker = start("requirepass secret");
        int port = broker.address().getPort();
        Map<String, String> settings =
                new HashMap<>(Map.of("REDIS_URL", "redis://:secret@127.0.0.1:" + port, "REDIS_STREAM", "t"));
        Queue queue = open(settings);
        Await.result(queue.group(GROUP).declare());
        Await.result(queue.publish("event.x", Map.of("a", 1)));
        settings.put("REDIS_PASSWORD", "wrong");
        assertThatThrownBy(() -> open(settings))
                .isInstanceOfSatisfying(
                        QueueConnectionException.class,
                        refusal -> assertThat(refusal.retryable()).isFalse())
                .hasMessageContaining("REDIS_PASSWORD")
                .hasMessageNotContaining("wrong");
        settings.put("REDIS_URL", "redis://127.0.0.1:" + port);
        settings.remove("REDIS_PASSWORD");
        assertThatThrownBy(() -> open(settings))
                .as("no password at all")
                .isInstanceOf(QueueConnectionException.class)
                .hasMessageContaining("REDIS_PASSWORD");
    }

    @Test
    void aServerThatForgetsIsDegradedAndWarnedAbout() {
        try (Logged logged = Logged.of(Server.class)) {
            RedisBroker forgetful = start("appendonly no", "maxmemory-policy allkeys-lru");
            Queue queue = open(Redis.newTopic(forgetful.address()));
            assertThat(queue.status().state()).isEqualTo(Status.State.DEGRADED);
            assertThat(queue.status().reason()).contains("appendonly").contains("noeviction");
            assertThat(logged.contains("appendonly is no")).isTrue();
            assertThat(logged.contains("maxmemory-policy is allkeys-lru")).isTrue();
        }
        try (Logged logged = Logged.of(Server.class)) {
            Queue queue = open(Redis.newTopic(start("appendfsync everysec").address()));
            assertThat(queue.status().state()).isEqualTo(Status.State.UP);
            assertThat(logged.contains("everysec")).isTrue();
        }
    }

    @Test
    void aTopicLivesInOneSlotOfACluster() {
        RedisBroker broker = start("cluster-enabled yes");
        on(broker, redis -> Redis.send(redis, CommandType.CLUSTER, List.of("ADDSLOTSRANGE", "0", "16383")));
        Await.until(
                "it has its slots", () -> on(broker, RedisCommands::clusterInfo).contains("cluster_state:ok"));
        Queue queue = open(Redis.newTopic(broker.address()));
        CollectingSubscriber member = CollectingSubscriber.to(queue.consume(GROUP));
        Await.result(queue.group(GROUP).declare());
        Await.result(queue.group("other").declare());
        for (int i = 0; i < 4; i++) {
            Await.result(queue.publish("event.x", Map.of("n", i)));
        }
        List<Delivery> four = member.request(4).next(4);
        Await.result(four.get(0).ack());
        Await.result(four.get(1).release());
        Await.result(four.get(2).deadLetter("never"));
        Await.result(four.get(3).retry(Duration.ofMillis(1), "again"));
        Await.result(queue.group(GROUP).deadLetters().replayAll());
        member.request(3).next(3).forEach(delivery -> Await.result(delivery.ack()));
        assertThat(Await.result(queue.group(GROUP).stats()).waiting()).isZero();
        Await.result(queue.dropTopic());
        long left = on(broker, RedisCommands::dbsize);
        assertThat(left).isLessThanOrEqualTo(1); // the bell, for those who still listen
    }

    private RedisBroker start(String... directives) {
        RedisBroker broker = RedisBroker.in(folder.resolve("redis" + brokers.size()), directives);
        brokers.add(broker);
        broker.start();
        return broker;
    }

    private Queue open(Map<String, String> settings) {
        Queue queue = Redis.open(settings);
        opened.add(queue);
        return queue;
    }

    private static <T> T on(RedisBroker broker, Function<RedisCommands<String, String>, T> work) {
        return Redis.with(broker.address(), work);
    }
}
