package dev.slackline.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Status;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.broker.RedisBroker;
import io.lettuce.core.Consumer;
import io.lettuce.core.KillArgs;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kit cannot see: what stands at the server, and where others lost messages on Redis. */
class RedisIT {

    private static final String GROUP = "bots";

    @TempDir
    static Path folder;

    private static RedisBroker broker;

    private final List<Queue> opened = new ArrayList<>();
    private Map<String, String> settings = Map.of();
    private String stream = "";

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
    }

    @AfterEach
    void closeAll() {
        opened.forEach(Queue::close);
    }

    @Test
    void anEntryIsWhatAnyProgramExpects() {
        Queue queue = open();
        Await.result(queue.group(GROUP).declare());
        Message sent = Await.result(queue.publish(Message.of("event.app_mention", Payload.parse("{ \"text\": 1 }"))
                .withOrderingKey("T1/C1")
                .withHeaders(Map.of("slack-team", "T1"))));
        StreamMessage<String, String> entry =
                redis(redis -> redis.xrange(stream, Range.unbounded())).get(0);
        assertThat(entry.getBody())
                .containsEntry("id", sent.id())
                .containsEntry("key", "event.app_mention")
                .containsEntry("at", Long.toString(sent.publishedAt().toEpochMilli()))
                .containsEntry("ordering-key", "T1/C1")
                .containsEntry("headers", "{\"slack-team\":\"T1\"}")
                .containsEntry("payload", "{ \"text\": 1 }");
    }

    @Test
    void whatOneThreadPublishesWithoutWaitingIsStoredInThatOrder() {
        Queue queue = open();
        Await.result(queue.group(GROUP).declare());
        List<CompletableFuture<Message>> publishes = new ArrayList<>();
        for (int n = 0; n < 20_000; n++) {
            publishes.add(queue.publish(Message.of("event.message", Payload.parse("{ \"n\": " + n + " }"))));
            if (n >= 1_000) {
                Await.result(publishes.get(n - 1_000));
            }
        }
        List<String> handedOver =
                publishes.stream().map(Await::result).map(Message::id).toList();
        List<String> stored = redis(redis -> redis.xrange(stream, Range.unbounded())).stream()
                .map(entry -> entry.getBody().get("id"))
                .toList();
        assertThat(stored).isEqualTo(handedOver);
    }

    @Test
    void everyKeyBeginsWithTheStreamSoThatAllLieInOneSlot() {
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        publish(queue, 4);
        List<Delivery> four = member.request(4).next(4);
        Await.result(four.get(0).retry(Duration.ofHours(1), "later"));
        Await.result(four.get(1).deadLetter("never"));
        Await.result(four.get(2).deadLetter("never"));
        Await.result(queue.group(GROUP)
                .deadLetters()
                .replay(List.of(four.get(1).message().id())));
        List<String> keys = redis(redis -> redis.keys("*" + stream + "*"));
        assertThat(keys)
                .contains(stream)
                .hasSizeGreaterThan(8)
                .allMatch(key -> key.equals(stream) || key.startsWith("{" + stream + "}:"));
    }

    @Test
    void whatEveryGroupHasSettledIsDeletedAndNothingElse() {
        Queue queue = open();
        Await.result(queue.group("slow").declare());
        CollectingSubscriber fast = consume(queue);
        publish(queue, 10);
        fast.request(10).next(10).forEach(delivery -> Await.result(delivery.ack()));
        assertThat(length()).as("what the slow group has not read").isEqualTo(10);

        CollectingSubscriber slow = CollectingSubscriber.to(queue.consume("slow"));
        List<Delivery> ten = slow.request(10).next(10);
        assertThat(length()).as("what the slow group holds").isEqualTo(10);
        ten.subList(0, 9).forEach(delivery -> Await.result(delivery.ack()));
        assertThat(length()).isEqualTo(1);
        Await.result(queue.group("slow").drop());
        assertThat(length()).as("when nobody needs it any more").isZero();
    }

    @Test
    @SuppressWarnings("unchecked") // the plain client takes an array of streams
    void whatAGroupOfAnotherProgramHasNotReadStays() {
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        redis(redis -> redis.xgroupCreate(StreamOffset.from(stream, "$"), "strangers"));
        publish(queue, 3);
        member.request(3).next(3).forEach(delivery -> Await.result(delivery.ack()));
        assertThat(length()).isEqualTo(3);
        List<StreamMessage<String, String>> read =
                redis(redis -> redis.xreadgroup(Consumer.from("strangers", "one"), StreamOffset.lastConsumed(stream)));
        assertThat(read).hasSize(3);
    }

    @Test
    void eachProcessIsAConsumerOfItsOwnAndLeavesNoneBehind() {
        Queue one = open();
        Queue two = open();
        CollectingSubscriber here = consume(one).request(1);
        CollectingSubscriber there = consume(two).request(1);
        publish(one, 2);
        Delivery held = here.next();
        Await.result(there.next().ack());
        assertThat(consumers()).isEqualTo(2);
        two.close();
        assertThat(consumers())
                .as("one that holds nothing goes when its process leaves")
                .isEqualTo(1);
        one.close(); // its consumer would take what is held with it: see XGROUP DELCONSUMER
        assertThat(redis(redis -> redis.xpending(stream, GROUP)).getCount()).isEqualTo(1);
        assertThat(held.message().id()).isNotEmpty();
    }

    @Test
    void aConsumerGroupThatIsGoneIsMadeAgainWhereItWas() {
        Queue queue = open();
        Await.result(queue.group("keeper").declare()); // so that nothing is deleted
        CollectingSubscriber member = consume(queue);
        List<String> ids = publish(queue, 10);
        member.request(6).next(6).forEach(delivery -> Await.result(delivery.ack()));
        Delivery held = member.requestNext();
        redis(redis -> redis.xgroupDestroy(stream, GROUP));
        member.request(100);
        publish(queue, 1);
        Await.until("what was not settled comes again", () -> received(member).containsAll(ids.subList(6, 10)));
        assertThat(member.received().stream().map(delivery -> delivery.message().id()))
                .as("what was settled does not come again")
                .containsOnlyOnceElementsOf(ids.subList(0, 6));
        assertThat(Await.result(held.ack())).as("a lease of the lost group").isEqualTo(Settlement.STALE);
    }

    @Test
    void aStreamThatIsGoneIsMadeAgain() {
        Queue queue = open();
        CollectingSubscriber member = consume(queue).request(100);
        publish(queue, 1);
        Await.result(member.next().ack());
        redis(redis -> redis.del(stream));
        Message sent = Await.result(queue.publish("event.x", Map.of("a", 1)));
        Delivery delivery = member.next();
        assertThat(delivery.message()).isEqualTo(sent);
        Await.result(delivery.ack());
    }

    @Test
    void afterFlushallEveryProcessDeclaresAgainWhatItHadDeclared() {
        Queue publisher = open();
        Queue consumer = open();
        Await.result(publisher.group("rare").declare());
        Await.result(publisher.group("dropped").declare());
        CollectingSubscriber member = consume(consumer).request(100);
        Await.result(consumer.group("dropped").drop());
        publish(publisher, 1);
        Await.result(member.next().ack());
        redis(redis -> redis.clientKill(KillArgs.Builder.typeNormal())); // who connects again hears of what was dropped
        Await.until(
                "both are connected again",
                () -> publisher.status().state() == Status.State.UP
                        && consumer.status().state() == Status.State.UP);
        Await.result(publisher.groups());

        redis(RedisCommands::flushall);
        Await.until(
                "the consumer has declared its group again",
                () -> Await.result(consumer.groups()).contains(GROUP));
        Message sent = Await.result(publisher.publish("event.x", Map.of("a", 2)));
        assertThat(Await.result(publisher.groups())).containsExactly(GROUP, "rare");
        assertThat(member.next().message()).isEqualTo(sent);
        assertThat(Await.result(publisher.group("rare").stats()).ready())
                .as("what the group of the publisher has")
                .isEqualTo(1);
    }

    @Test
    void aGroupThatWasDroppedElsewhereStaysDropped() {
        Queue one = open();
        Queue two = open();
        CollectingSubscriber member = consume(one).request(1);
        publish(one, 1);
        Await.result(member.next().ack());
        Await.result(two.group("other").declare());
        Await.result(two.group(GROUP).drop());
        member.request(1);
        assertThat(Await.failure("the stream of a group that was dropped", member.ended()))
                .hasMessageContaining("dropped");
        assertThat(Await.result(one.groups())).containsExactly("other");
    }

    @Test
    void aServerThatHasForgottenTheScriptsIsToldAgain() {
        Queue queue = open();
        CollectingSubscriber member = consume(queue).request(100);
        for (int i = 0; i < 3; i++) {
            publish(queue, 1);
            redis(RedisCommands::scriptFlush);
            Await.result(member.next().ack());
            redis(RedisCommands::scriptFlush);
        }
    }

    @Test
    void whatSomebodyElseTrimsIsNoticed() {
        try (Logged logged = Logged.of(Consumers.class)) {
            Queue queue = open();
            CollectingSubscriber member = consume(queue);
            publish(queue, 10);
            redis(redis -> redis.xtrim(stream, 4));
            member.request(100);
            Set<String> ids = new TreeSet<>();
            member.next(4).forEach(delivery -> ids.add(delivery.message().id()));
            assertThat(ids).hasSize(4);
            Await.until("it says how many are gone", () -> logged.contains("count=6"));
        }
    }

    @Test
    void whatSomebodyElseDeletesUnderADeliveryIsNoticedAndHoldsUpNobody() {
        try (Logged logged = Logged.of(Consumers.class)) {
            Queue queue = open();
            CollectingSubscriber member = consume(queue);
            Await.result(
                    queue.publish(Message.of("event.x", Payload.parse("{}")).withOrderingKey("T/C")));
            Message second = Await.result(
                    queue.publish(Message.of("event.x", Payload.parse("{}")).withOrderingKey("T/C")));
            Delivery first = member.requestNext();
            String entry = redis(redis -> redis.xrange(stream, Range.unbounded()))
                    .get(0)
                    .getId();
            redis(redis -> redis.xdel(stream, entry));
            Await.result(first.retry(Duration.ofMillis(1), "again"));
            Delivery next = member.requestNext();
            assertThat(next.message()).isEqualTo(second);
            Await.result(next.ack());
            assertThat(logged.contains("count=1")).isTrue();
        }
    }

    @Test
    void theStatsCountWhatIsWhere() {
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        publish(queue, 10);
        List<Delivery> held = member.request(6).next(6);
        Await.result(held.get(0).ack());
        Await.result(held.get(1).retry(Duration.ofHours(1), "later"));
        Await.result(held.get(2).deadLetter("never"));
        Await.result(held.get(3).release());
        GroupStats stats = Await.result(queue.group(GROUP).stats());
        assertThat(stats.ready()).isEqualTo(5);
        assertThat(stats.inFlight()).isEqualTo(2);
        assertThat(stats.delayed()).isEqualTo(1);
        assertThat(stats.dead()).isEqualTo(1);
        assertThat(stats.consumers()).isEqualTo(1);
        assertThat(stats.unconsumedSince()).isNull();
        assertThat(stats.oldestAge()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        member.cancel();
        Await.until(
                "nobody consumes",
                () -> Await.result(queue.group(GROUP).stats()).consumers() == 0);
        assertThat(Await.result(queue.group(GROUP).stats()).unconsumedSince()).isNotNull();
    }

    @Test
    void twoDeadLettersOfOneIdAreBothKept() {
        settings.put(QueueSettings.DEDUP_WINDOW.name(), "0s");
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        Message message = Message.of("event.x", Payload.parse("{\"a\":1}"));
        for (int i = 0; i < 2; i++) {
            Await.result(queue.publish(message));
            Await.result(member.requestNext().deadLetter("never"));
        }
        assertThat(Await.result(queue.group(GROUP).stats()).dead()).isEqualTo(2);
        assertThat(Await.result(queue.group(GROUP).deadLetters().replay(List.of(message.id()))))
                .isEqualTo(2);
        Await.result(member.requestNext().ack());
        Await.result(member.requestNext().ack());
        assertThat(Await.result(queue.group(GROUP).stats()).waiting()).isZero();
    }

    @Test
    void aDroppedTopicLeavesNoKeyBehind() {
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        publish(queue, 3);
        Await.result(member.requestNext().deadLetter("never"));
        member.cancel();
        Await.result(queue.dropTopic());
        Await.until(
                "no key is left",
                () -> redis(redis -> redis.keys("*" + stream + "*")).isEmpty());
    }

    @Test
    void databasesAreApart() {
        Queue one = open();
        settings.put("REDIS_URL", Redis.url(broker.address()) + "/3");
        Queue three = open();
        Await.result(one.group(GROUP).declare());
        assertThat(Await.result(three.groups())).isEmpty();
    }

    private static Set<String> received(CollectingSubscriber member) {
        Set<String> ids = new TreeSet<>();
        member.received().forEach(delivery -> ids.add(delivery.message().id()));
        return ids;
    }

    private int consumers() {
        return redis(redis -> redis.xinfoConsumers(stream, GROUP).size());
    }

    private long length() {
        return redis(redis -> redis.xlen(stream));
    }

    private static <T> T redis(Function<RedisCommands<String, String>, T> work) {
        return Redis.with(broker.address(), work);
    }

    private Queue open() {
        Queue queue = Redis.open(settings);
        opened.add(queue);
        return queue;
    }

    private static CollectingSubscriber consume(Queue queue) {
        Await.result(queue.group(GROUP).declare());
        return CollectingSubscriber.to(queue.consume(GROUP));
    }

    private static List<String> publish(Queue queue, int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(Await.result(queue.publish("event.x", Map.of("n", i))).id());
        }
        return ids;
    }
}
