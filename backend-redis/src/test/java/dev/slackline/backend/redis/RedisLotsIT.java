package dev.slackline.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.broker.RedisBroker;
import io.lettuce.core.Consumer;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one fetch has lent together, and how each of it goes its own way. */
class RedisLotsIT {

    private static final String GROUP = "bots";

    @TempDir
    static Path folder;

    private static RedisBroker broker;

    private Map<String, String> settings = Map.of();
    private String stream = "";
    private Queue queue;
    private CollectingSubscriber member;

    @BeforeAll
    static void startBroker() {
        broker = RedisBroker.in(folder);
        broker.start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) { // null where Redis is not installed
            broker.close();
        }
    }

    @BeforeEach
    void newTopic() {
        settings = Redis.newTopic(broker.address());
        stream = settings.getOrDefault("REDIS_STREAM", "");
        open();
    }

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void nothingIsLeftOfALotOnceEachOfItIsSettled() {
        publish(6, null);
        List<Delivery> six = member.request(6).next(6);
        assertThat(exist("lots", "contents", "left")).isEqualTo(2);
        assertThat(Await.result(six.get(0).ack())).isEqualTo(Settlement.SETTLED);
        assertThat(Await.result(six.get(1).retry(Duration.ofHours(1), "later"))).isEqualTo(Settlement.SETTLED);
        assertThat(Await.result(six.get(2).deadLetter("never"))).isEqualTo(Settlement.SETTLED);
        assertThat(Await.result(six.get(3).release())).isEqualTo(Settlement.SETTLED);
        assertThat(Await.result(six.get(4).renew())).isTrue();
        assertThat(exist("leased", "left"))
                .as("what left it is remembered with it")
                .isEqualTo(2);
        GroupStats stats = Await.result(queue.group(GROUP).stats());
        assertThat(stats.inFlight()).isEqualTo(2);
        assertThat(stats.ready()).isEqualTo(1);
        assertThat(Await.result(six.get(5).ack())).isEqualTo(Settlement.SETTLED);
        assertThat(exist("lots", "contents", "left")).isZero();
        assertThat(Await.result(six.get(4).ack()))
                .as("it has a lease of its own")
                .isEqualTo(Settlement.SETTLED);
        assertThat(exist("leased")).isZero();
    }

    @Test
    void whenALotEndsWhatItStillHoldsComesAgainAndNothingElse() {
        queue.close();
        settings.put(QueueSettings.LEASE.name(), "1s");
        open();
        publish(5, null);
        List<Delivery> five = member.request(5).next(5);
        Await.result(five.get(0).ack());
        Await.result(five.get(1).retry(Duration.ofHours(1), "later"));
        Await.result(five.get(2).deadLetter("never"));
        List<Delivery> again = member.request(10).next(2);
        assertThat(again).allSatisfy(delivery -> assertThat(delivery.attempt()).isEqualTo(2));
        assertThat(again.stream().map(delivery -> delivery.message().id()))
                .containsExactly(
                        five.get(3).message().id(), five.get(4).message().id());
        assertThat(Await.result(five.get(3).ack())).as("whose lease has ended").isEqualTo(Settlement.STALE);
        again.forEach(delivery -> Await.result(delivery.ack()));
        assertThat(Await.result(queue.group(GROUP).stats()).ready()).isZero();
    }

    @Test
    void anAckThatIsRepeatedFreesNothingOfItsKeyASecondTime() {
        publish(3, "T/C");
        Delivery first = member.request(3).next();
        List<String> lot = redis(redis -> redis.zrange(key("lots"), 0, -1));
        String entry = redis(redis -> redis.hget(key("contents"), lot.get(0)));
        Await.result(first.ack());
        Delivery second = member.next();
        redis(redis -> redis.zadd(key("lots"), Long.MAX_VALUE, lot.get(0))); // as if it held another one still
        assertThat(settle("1", lot.get(0), "0", "1", entry, "T/C"))
                .as("nothing was freed")
                .isEqualTo("0");
        GroupStats stats = Await.result(queue.group(GROUP).stats());
        assertThat(stats.ready()).isEqualTo(1);
        Await.result(second.ack());
        Await.result(member.next().ack());
    }

    @Test
    @SuppressWarnings("unchecked") // the plain client takes an array of streams
    void whatAnOlderVersionHasLentEntryByEntryIsSettledAndComesAgain() {
        publish(2, null);
        List<String> entries = redis(redis ->
                redis.xreadgroup(Consumer.from(GROUP, "slackline-1-older"), StreamOffset.lastConsumed(stream)).stream()
                        .map(StreamMessage::getId)
                        .toList());
        redis(redis -> redis.hincrby("{" + stream + "}:counts", "passed:" + GROUP, 2));
        entries.forEach(entry -> redis(redis -> redis.zadd(key("leased"), Long.MAX_VALUE, entry + " older.1")));
        assertThat(settle("0", "ack", entries.get(0), "older.1", "", "", "")).isEqualTo("0");
        long length = redis(redis -> redis.xlen(stream));
        assertThat(length).isEqualTo(1);
        redis(redis -> redis.zadd(key("leased"), 1, entries.get(1) + " older.1"));
        Delivery again = member.requestNext();
        assertThat(again.attempt()).isEqualTo(2);
        Await.result(again.ack());
        assertThat(Await.result(queue.group(GROUP).stats()).waiting()).isZero();
    }

    /** Runs the script with acks alone; answers whether others were freed. */
    private String settle(String... acks) {
        String[] arguments = Stream.concat(Stream.of("0", GROUP, "slackline-1-older", "60000"), Stream.of(acks))
                .toArray(String[]::new);
        List<String> keys =
                new Keys(stream).group(GROUP).stream().map(Wire::text).toList();
        List<Object> answer = redis(redis ->
                redis.eval(Script.SETTLE.source(), ScriptOutputType.MULTI, keys.toArray(String[]::new), arguments));
        return String.valueOf(answer.get(0));
    }

    private long exist(String... parts) {
        return redis(redis -> redis.exists(Stream.of(parts).map(this::key).toArray(String[]::new)));
    }

    private String key(String part) {
        return "{" + stream + "}:" + GROUP + ":" + part;
    }

    private static <T> T redis(Function<RedisCommands<String, String>, T> work) {
        return Redis.with(broker.address(), work);
    }

    private void open() {
        queue = Redis.open(settings);
        Await.result(queue.group(GROUP).declare());
        member = CollectingSubscriber.to(queue.consume(GROUP));
    }

    private void publish(int count, @Nullable String orderingKey) {
        for (int i = 0; i < count; i++) {
            Message message = Message.of("event.x", Payload.parse("{}"));
            Await.result(queue.publish(orderingKey == null ? message : message.withOrderingKey(orderingKey)));
        }
    }
}
