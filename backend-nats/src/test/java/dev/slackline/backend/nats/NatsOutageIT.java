package dev.slackline.backend.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Status;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.broker.FaultyProxy;
import dev.slackline.queue.testkit.broker.NatsBroker;
import io.nats.client.Connection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a server of one's own can be made to do. */
class NatsOutageIT {

    private static final String GROUP = "bots";

    @TempDir
    Path folder;

    private NatsBroker broker;
    private Map<String, String> settings;
    private final List<Queue> opened = new ArrayList<>();

    @BeforeEach
    void startBroker() {
        broker = NatsBroker.in(folder);
        broker.start();
        settings = Server.newTopic(broker.address());
    }

    @AfterEach
    void stopBroker() {
        opened.forEach(Queue::close);
        if (broker != null) { // null where NATS is not installed
            broker.close();
        }
    }

    @Test
    void whatWasConfirmedIntoANewGroupSurvivesAnImmediateKill() {
        Queue queue = open();
        Await.result(queue.group(GROUP).declare());
        Message sent = Await.result(queue.publish("event.x", Map.of("a", 1)));
        broker.kill9();
        broker.start();
        awaitUp(queue);
        Delivery delivery = CollectingSubscriber.to(queue.consume(GROUP)).requestNext();
        assertThat(delivery.message()).isEqualTo(sent);
        Await.result(delivery.ack());
    }

    @Test
    void anIdIsRememberedAfterItsAckAndAKillOfTheServer() throws Exception {
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        Message sent = Await.result(queue.publish("event.x", Map.of("a", 1)));
        Await.result(member.requestNext().ack());
        broker.kill9();
        broker.start();
        awaitUp(queue);
        Await.result(queue.publish(sent));
        Message marker = Await.result(queue.publish("event.x", Map.of("a", 2)));
        List<String> seen = new ArrayList<>();
        while (!seen.contains(marker.id())) {
            Delivery delivery = member.requestNext();
            seen.add(delivery.message().id());
            Await.result(delivery.ack());
        }
        // the server may have forgotten the acknowledgement: then the one copy that there is comes once more
        assertThat(seen).filteredOn(sent.id()::equals).hasSizeLessThanOrEqualTo(1);
        try (Connection connection = Server.connect(settings)) {
            assertThat(connection
                            .jetStreamManagement()
                            .getStreamInfo(Server.stream(settings))
                            .getStreamState()
                            .getMsgCount())
                    .isEqualTo(2);
        }
    }

    @Test
    void aDelayIsServedThroughARestart() {
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        Message sent = Await.result(queue.publish("event.x", Map.of("a", 1)));
        long start = System.nanoTime();
        assertThat(Await.result(member.requestNext().retry(Duration.ofSeconds(4), "later")))
                .isEqualTo(Settlement.SETTLED);
        broker.restart();
        Delivery again = member.requestNext();
        assertThat(again.message()).isEqualTo(sent);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(3800), Duration.ofSeconds(9));
        assertThat(again.attempt()).isEqualTo(2);
        Await.result(again.ack());
    }

    @Test
    void whatIsHeldOverACutIsSettledOnTheNextConnection() {
        try (FaultyProxy proxy = FaultyProxy.to(broker.address(), 1)) {
            settings.put("NATS_URL", "nats://127.0.0.1:" + proxy.address().getPort());
            Queue queue = open();
            CollectingSubscriber member = consume(queue);
            Await.result(queue.publish("event.x", Map.of("a", 1)));
            Delivery held = member.requestNext();
            proxy.cut();
            Await.until("the cut is noticed", () -> queue.status().state() == Status.State.DOWN);
            awaitUp(queue);
            assertThat(Await.result(held.ack())).isEqualTo(Settlement.SETTLED);
            Await.until(
                    "nothing is left",
                    () -> Await.result(queue.group(GROUP).stats()).waiting() == 0);
        }
    }

    @Test
    void whatIsHeldThroughALongSilenceIsStale() {
        try (FaultyProxy proxy = FaultyProxy.to(broker.address(), 1)) {
            Map<String, String> direct = Map.copyOf(settings);
            settings.put("NATS_URL", "nats://127.0.0.1:" + proxy.address().getPort());
            Queue queue = open();
            CollectingSubscriber member = consume(queue);
            Await.result(queue.publish("event.x", Map.of("a", 1)));
            Delivery held = member.requestNext();
            proxy.blackHole();
            Queue other = Server.open(direct);
            opened.add(other);
            Delivery again =
                    CollectingSubscriber.to(other.consume(GROUP)).requestNext(); // although the lease is a minute
            assertThat(again.attempt()).isEqualTo(2);
            proxy.heal();
            awaitUp(queue);
            assertThat(Await.result(held.renew())).isFalse();
            assertThat(Await.result(held.ack())).isEqualTo(Settlement.STALE);
            assertThat(Await.result(again.ack())).isEqualTo(Settlement.SETTLED);
        }
    }

    @Test
    void aServerThatHasLostItsDataGetsEverythingAgain() throws Exception {
        Queue queue = open();
        CollectingSubscriber member = consume(queue).request(Long.MAX_VALUE);
        Await.result(queue.publish("event.x", Map.of("a", 1)));
        Await.result(member.next().ack());
        broker.stop();
        Folders.delete(folder.resolve("data"));
        broker.start();
        awaitUp(queue);
        Message sent = Await.result(queue.publish("event.x", Map.of("a", 2)));
        Await.until(
                "it is delivered",
                () -> member.received().stream()
                        .anyMatch(delivery -> delivery.message().equals(sent)));
        assertThat(Await.result(queue.groups())).containsExactly(GROUP);
    }

    @Test
    void whileTheServerIsAwayNobodyIsRefusedForGood() {
        settings.put("QUEUE_PUBLISH_TIMEOUT", "1s");
        Queue queue = open();
        Await.result(queue.group(GROUP).declare());
        broker.stop();
        Await.until("it says that it is down", () -> queue.status().state() == Status.State.DOWN);
        assertThat(Await.failure("a publish", queue.publish("event.x", Map.of())))
                .isInstanceOfSatisfying(
                        QueueException.class, why -> assertThat(why.retryable()).isTrue())
                .hasMessageContaining("is it running?");
    }

    private Queue open() {
        Queue queue = Server.open(settings);
        opened.add(queue);
        return queue;
    }

    private static void awaitUp(Queue queue) {
        Await.until("connected again", () -> queue.status().state() == Status.State.UP);
    }

    private static CollectingSubscriber consume(Queue queue) {
        Await.result(queue.group(GROUP).declare());
        return CollectingSubscriber.to(queue.consume(GROUP));
    }
}
