package dev.slackline.backend.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Status;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.broker.NatsBroker;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the kit does not ask of every backend. */
class NatsIT extends OnServer {

    @Test
    void whatIsHeldForLongerThanTheServerWaitsStaysOurs() {
        Queue queue = open();
        publish(queue, 20);
        CollectingSubscriber holder = consume(queue).request(20);
        List<Delivery> held = holder.next(20);
        CollectingSubscriber other = consume(open()).request(20);
        Await.holds("signs of life are sent", Duration.ofSeconds(8), () -> other.count() == 0);
        held.forEach(delivery -> assertThat(Await.result(delivery.ack())).isEqualTo(Settlement.SETTLED));
        assertThat(Await.result(queue.group(GROUP).stats()).waiting()).isZero();
    }

    /** What it has in flight between arriving and waiting counts, too; else the next one would be held up for everybody. */
    @Test
    void nobodyIsGivenMoreThanItHasAskedFor() {
        Queue queue = open();
        CollectingSubscriber holder = consume(queue);
        CollectingSubscriber other = consume(open());
        for (int i = 0; i < 300; i++) {
            publish(queue, 3);
            List<Delivery> held = holder.request(3).next(3);
            publish(queue, 1);
            Await.result(other.requestNext().ack());
            held.forEach(delivery -> Await.result(delivery.ack()));
        }
        assertThat(holder.count()).isEqualTo(900);
    }

    @Test
    void aConsumerThatTheServerHasLostIsMadeAgainWhereItWas() throws Exception {
        Queue queue = open();
        CollectingSubscriber member = consume(queue).request(Long.MAX_VALUE);
        publish(queue, 10);
        member.next(10).forEach(delivery -> Await.result(delivery.ack()));
        assertThat(Await.result(queue.group(GROUP).stats()).waiting()).isZero(); // and notes how far it is
        management().deleteConsumer(stream, GROUP);
        List<String> sent = publish(queue, 5);
        List<String> again = member.next(5).stream()
                .peek(delivery -> Await.result(delivery.ack()))
                .map(delivery -> delivery.message().id())
                .toList();
        assertThat(again).containsExactlyElementsOf(sent);
    }

    @Test
    void aGroupThatAnotherProcessDropsEndsItsConsumers() {
        Queue queue = open();
        CollectingSubscriber member = consume(queue).request(1);
        Await.result(open().group(GROUP).drop());
        assertThat(Await.failure("the stream of a dropped group", member.ended()))
                .isInstanceOfSatisfying(
                        QueueException.class, why -> assertThat(why.retryable()).isFalse())
                .hasMessageContaining("dropped");
    }

    @Test
    void streamsThatAreDeletedAreMadeAgain() throws Exception {
        Queue queue = open();
        CollectingSubscriber member = consume(queue).request(Long.MAX_VALUE);
        publish(queue, 1);
        Await.result(member.next().ack());
        for (String name : List.of(stream, stream + "-dead", stream + "-state")) {
            management().deleteStream(name);
        }
        String sent = publish(queue, 1).get(0); // at the second try
        Await.until(
                "it is delivered",
                () -> member.received().stream()
                        .anyMatch(delivery -> delivery.message().id().equals(sent)));
        assertThat(Await.result(queue.groups())).containsExactly(GROUP);
    }

    @Test
    void aLostListOfGroupsIsMadeAgain() throws Exception {
        Queue queue = open();
        Await.result(queue.group(GROUP).declare());
        management().deleteStream(stream + "-state");
        Await.until(
                "the group is listed again",
                () -> queue.groups()
                        .handle((groups, error) -> error == null && groups.equals(List.of(GROUP)))
                        .toCompletableFuture()
                        .join());
    }

    @Test
    void aHeaderThatTheLibraryCannotReadStopsNobody() throws Exception {
        Queue queue = open();
        CollectingSubscriber member = consume(queue).request(Long.MAX_VALUE);
        Await.result(queue.group("idle").declare());
        publishRaw("NATS/1.0\r\nuser: José\r\nNats-Msg-Id: foreign\r\n\r\n", "{\"a\":1}");
        Message sent = Await.result(queue.publish("event.x", Map.of("b", 2)));
        Await.until(
                "what follows comes",
                () -> member.received().stream()
                        .anyMatch(delivery -> delivery.message().equals(sent)));
        Await.until(
                "it is a dead letter, once the connection is there again",
                () -> queue.group(GROUP)
                        .deadLetters()
                        .list(null, 10)
                        .handle((letters, error) -> error == null && letters.size() == 1)
                        .toCompletableFuture()
                        .join());
        DeadLetter letter = dead(queue).get(0);
        assertThat(letter.message().payload().text()).isEqualTo("{\"a\":1}");
        assertThat(letter.last().reason()).contains("headers");
        assertThat(Await.result(queue.group(GROUP).deadLetters().replayAll())).isEqualTo(1);
        Await.until(
                "it is handled after a replay",
                () -> member.received().stream()
                        .anyMatch(delivery -> delivery.message().equals(letter.message())));
        assertThat(Await.result(queue.group("idle").deadLetters().list(null, 10)))
                .hasSize(1);
    }

    @Test
    void whatEveryGroupHasSettledIsTakenOutAfterTheWindow() throws Exception {
        settings.put("QUEUE_DEDUP_WINDOW", "100ms");
        Queue queue = open();
        CollectingSubscriber member = consume(queue).request(Long.MAX_VALUE);
        CollectingSubscriber slow = CollectingSubscriber.to(queue.consume("slow"));
        Await.result(queue.group("slow").declare());
        publish(queue, 10);
        member.next(10).forEach(delivery -> Await.result(delivery.ack()));
        slow.request(4).next(4).forEach(delivery -> Await.result(delivery.ack()));
        Await.until("the window is over", () -> trim() == 6);
        Await.holds("what one group has not settled stays", Duration.ofMillis(300), () -> trim() == 6);
        slow.request(6).next(6).forEach(delivery -> Await.result(delivery.ack()));
        Await.until("the rest is taken out", () -> trim() == 0);
    }

    @Test
    void whatIsStillRememberedStays() throws Exception {
        Queue queue = open();
        CollectingSubscriber member = consume(queue).request(Long.MAX_VALUE);
        publish(queue, 10);
        member.next(10).forEach(delivery -> Await.result(delivery.ack()));
        assertThat(trim()).isEqualTo(10);
    }

    @Test
    void twoOperatorsAtOnceReplayEachDeadLetterOnce() {
        Queue queue = open();
        Queue other = open();
        CollectingSubscriber member = consume(queue).request(300); // and is given none that is replayed
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
    void anIdOlderThanTheWindowIsStoredAgainThoughTheServerKnowsIt() throws Exception {
        settings.put("QUEUE_DEDUP_WINDOW", "1s");
        Queue queue = open();
        StreamConfiguration made = management().getStreamInfo(stream).getConfiguration();
        publish(queue, 0);
        management()
                .updateStream(StreamConfiguration.builder(made)
                        .duplicateWindow(Duration.ofHours(1))
                        .build());
        Message message = Await.result(queue.publish("event.x", Map.of("a", 1)));
        Await.result(queue.publish(message));
        assertThat(Await.result(queue.group(GROUP).stats()).ready()).isEqualTo(1);
        Await.until("it is forgotten by our own window", () -> {
            Await.result(queue.publish(message));
            return Await.result(queue.group(GROUP).stats()).ready() == 2;
        });
        Await.result(queue.publish(message));
        assertThat(Await.result(queue.group(GROUP).stats()).ready())
                .as("the second copy is remembered, too")
                .isEqualTo(2);
    }

    @Test
    void aShorterWindowOfAStreamIsMadeLonger() throws Exception {
        management()
                .addStream(StreamConfiguration.builder()
                        .name(stream)
                        .subjects(stream + ".>")
                        .duplicateWindow(Duration.ofMinutes(2))
                        .build());
        open();
        assertThat(management().getStreamInfo(stream).getConfiguration().getDuplicateWindow())
                .isEqualTo(Duration.ofHours(25));
    }

    @Test
    void aStreamThatWouldLoseMessagesIsNamedWithWhatToDo() throws Exception {
        management()
                .addStream(StreamConfiguration.builder()
                        .name(stream)
                        .subjects(stream + ".>")
                        .maxMessages(1000)
                        .maxAge(Duration.ofDays(7))
                        .build());
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        QueueException.class,
                        refusal -> assertThat(refusal.retryable()).isFalse())
                .hasMessageContaining(stream)
                .hasMessageContaining("set discard to new")
                .hasMessageContaining("set max_age to 0")
                .hasMessageContaining("NATS_STREAM");
    }

    @Test
    void aConsumerOfAnotherKindIsNamedWithWhatToDo() throws Exception {
        Queue queue = open();
        management()
                .addOrUpdateConsumer(
                        stream,
                        ConsumerConfiguration.builder()
                                .durable(GROUP)
                                .deliverSubject("elsewhere")
                                .build());
        assertThatThrownBy(() -> Await.result(queue.group(GROUP).declare()))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("it pushes")
                .hasMessageContaining("nats consumer rm");
    }

    @Test
    void aForeignConsumerIsNoGroup() throws Exception {
        Queue queue = open();
        Await.result(queue.group(GROUP).declare());
        management()
                .addOrUpdateConsumer(
                        stream, ConsumerConfiguration.builder().durable("other").build());
        assertThat(Await.result(queue.groups())).containsExactly(GROUP);
        assertThat(queue.status().state()).isEqualTo(Status.State.UP);
    }

    private static List<DeadLetter> dead(Queue queue) {
        return Await.result(queue.group(GROUP).deadLetters().list(null, 1000));
    }

    /** Takes out what may be, and says how many are left. */
    private long trim() {
        try (NatsBackend backend = backend()) {
            backend.trim();
            return messages(stream);
        }
    }

    private NatsBackend backend() {
        NatsProvider provider = new NatsProvider();
        List<dev.slackline.queue.config.Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        var parsed = dev.slackline.queue.config.Settings.parse(settings, declared);
        return (NatsBackend) provider.open(new dev.slackline.queue.QueueBackendProvider.Opening(
                parsed, QueueSettings.from(parsed), java.time.InstantSource.system()));
    }

    /** Publishes as a client that checks no headers does. */
    private void publishRaw(String headers, String body) throws IOException {
        byte[] head = headers.getBytes(StandardCharsets.UTF_8);
        byte[] payload = body.getBytes(StandardCharsets.UTF_8);
        try (Socket socket =
                new Socket(broker.address().getAddress(), broker.address().getPort())) {
            var out = socket.getOutputStream();
            out.write("CONNECT {\"verbose\":false,\"headers\":true,\"user\":\"%s\",\"pass\":\"%s\"}\r\n"
                    .formatted(NatsBroker.USER, NatsBroker.USER)
                    .getBytes(StandardCharsets.UTF_8));
            out.write("HPUB %s.event.x %d %d\r\n"
                    .formatted(stream, head.length, head.length + payload.length)
                    .getBytes(StandardCharsets.UTF_8));
            out.write(head);
            out.write(payload);
            out.write("\r\nPING\r\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            StringBuilder said = new StringBuilder();
            while (said.indexOf("PONG") < 0) {
                said.append((char) socket.getInputStream().read());
            }
        }
    }
}
