package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueClosedException;
import dev.slackline.queue.QueueSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** What a completed publish promises. */
abstract class PublishCases {

    private static final List<String> PAYLOADS = List.of(
            "{}",
            "{\"text\":\"Grüße, 世界, \uD83D\uDE80\"}",
            "{\"text\":\"\\u0000 \\ud83d\\ude80 \\\" \\\\ \\/\"}",
            "{\"n\":[-0,-0.0,1e308,9223372036854775808,0.1000,1E+2,123456789012345678901234567890]}",
            "{ \"spaces\" :\t[ ] ,\r\n\"and\" : null }",
            "{\"a\":1,\"a\":2,\"A\":3}",
            "{\"\":\"\",\"constructor\":{\"__proto__\":true}}",
            "{\"deep\":" + "[".repeat(500) + "]".repeat(500) + "}");

    @Case(10)
    void whatWasPublishedIsDeliveredByteForByte(Trial trial) {
        CollectingSubscriber member = trial.join(trial.group());
        for (String json : PAYLOADS) {
            Message sent = new Message(
                    trial.newMessage().id(),
                    "event.message.channel_join",
                    "T1/C1",
                    Instant.parse("2031-01-02T03:04:05.678Z"),
                    Map.of("slack-team", "T1", "traceparent", "00-1-2-01"),
                    Payload.parse(json));
            trial.publish(sent);
            Delivery delivery = member.requestNext();
            assertThat(delivery.message().payload().text()).as("payload").isEqualTo(json);
            assertThat(delivery.message()).isEqualTo(sent);
            Await.result(delivery.ack());
        }
    }

    @Case(11)
    void aCompletedPublishIsReadableByEveryGroupDeclaredBefore(Trial trial) {
        List<String> groups = List.of(trial.group(), trial.newGroup(), trial.newGroup());
        Message sent = trial.publish();
        for (String group : groups) {
            Delivery delivery =
                    trial.join(trial.colleague(), group, received -> {}).requestNext();
            assertThat(delivery.message()).as("message of group " + group).isEqualTo(sent);
            Await.result(delivery.ack());
        }
    }

    @Case(16)
    void aPublishForNobodyFails(Trial trial) {
        Throwable failure =
                Await.failure("a publish with no group declared", trial.queue().publish(trial.newMessage()));
        assertThat(failure).isInstanceOf(PublishException.class).hasMessageContaining("group");
    }

    @Case(17)
    void eachMessageOfConcurrentPublishersAppearsOnce(Trial trial) {
        int publishers = 100;
        int each = Scale.of(100, 1_000, 1_000);
        CollectingSubscriber member = trial.join(trial.colleague(), trial.group(), Delivery::ack);
        member.request(Long.MAX_VALUE);
        ExecutorService threads = Executors.newFixedThreadPool(publishers);
        try {
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int i = 0; i < publishers; i++) {
                running.add(CompletableFuture.runAsync(() -> publishOneByOne(trial, each), threads));
            }
            running.forEach(CompletableFuture::join);
        } finally {
            threads.shutdownNow();
        }
        Await.until(
                () -> "all of " + publishers * each + " come; " + member.count() + " did",
                Duration.ofSeconds(60),
                () -> member.count() >= publishers * each);
        assertThat(ids(member.received()))
                .hasSize(publishers * each)
                .isEqualTo(new TreeSet<>(trial.ledger().confirmed()));
        assertThat(member.count()).as("deliveries, each message once").isEqualTo(publishers * each);
    }

    private static void publishOneByOne(Trial trial, int count) {
        for (int i = 0; i < count; i++) {
            Await.result(trial.queue().publish(trial.newMessage()));
        }
    }

    @Case(19)
    void eachPublishHasAResultOfItsOwn(Trial trial) {
        trial.set(QueueSettings.MAX_PAYLOAD, "1KiB");
        String group = trial.group();
        List<CompletableFuture<Message>> results = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String text = i % 3 == 1 ? "x".repeat(2000) : "fits";
            results.add(trial.queue().publish(trial.newMessage("{\"text\":\"" + text + "\"}")));
        }
        Set<String> stored = new TreeSet<>();
        for (int i = 0; i < 10; i++) {
            if (i % 3 == 1) {
                Await.failure("a publish that is too large", results.get(i));
            } else {
                stored.add(Await.result(results.get(i)).id());
            }
        }
        CollectingSubscriber member = trial.join(group).request(10);
        List<Delivery> deliveries = member.next(stored.size());
        deliveries.forEach(Delivery::ack);
        assertThat(ids(deliveries)).isEqualTo(stored);
    }

    @Case(20)
    void theSameIdTwiceIsOneMessage(Trial trial) {
        Message message = trial.newMessage();
        trial.publish(message);
        List<CompletableFuture<Message>> again = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            again.add(trial.queue().publish(message));
        }
        again.forEach(Await::result);
        if (!trial.has(Feature.DEDUPLICATION)) {
            trial.ledger().allowDuplicates(10);
            trial.ledger().ackedMayRepeat(); // each copy is read and acknowledged by itself
        }
        Message marker = trial.publish();
        CollectingSubscriber member = trial.join(trial.group());
        List<Message> delivered = new ArrayList<>();
        do {
            Delivery delivery = member.requestNext();
            delivered.add(delivery.message());
            if (trial.has(Feature.DEDUPLICATION)) {
                Await.result(delivery.ack());
            }
        } while (!delivered.contains(marker));
        int copies = trial.has(Feature.DEDUPLICATION) ? 1 : 11;
        assertThat(delivered).filteredOn(message::equals).as("copies of one id").hasSize(copies);
        if (!trial.has(Feature.DEDUPLICATION)) { // the ledger tells copies of one id from repetitions by nothing
            Await.result(trial.queue().group(trial.group()).drop());
        }
    }

    @Case(20)
    void anIdIsRememberedAfterItsAckAndForgottenAfterTheWindow(Trial trial) {
        trial.requires(Feature.DEDUPLICATION);
        trial.set(QueueSettings.DEDUP_WINDOW, "1h");
        CollectingSubscriber member = trial.join(trial.colleague(), trial.group(), delivery -> {});
        Message first = trial.publish();
        Await.result(member.requestNext().ack());
        trial.publish(first);
        Message second = trial.publish();
        Delivery next = member.requestNext();
        assertThat(next.message())
                .as("what comes after an id that was seen a moment ago")
                .isEqualTo(second);
        Await.result(next.ack());

        trial.clock().advance(Duration.ofMinutes(61));
        trial.ledger().mayRepeat(trial.group(), first.id());
        trial.publish(first);
        Delivery anew = member.requestNext();
        assertThat(anew.message()).as("what comes when the window is over").isEqualTo(first);
        Await.result(anew.ack());
    }

    @Case(21)
    void theLargestPayloadWorksAndALargerOneIsRefused(Trial trial) {
        int max = 1 << 20; // the default of QUEUE_MAX_PAYLOAD
        CollectingSubscriber member = trial.join(trial.group());
        for (int size : new int[] {max - 1, max}) {
            Message fits = trial.publish(trial.newMessage(jsonOf(size)));
            Delivery delivery = member.requestNext();
            assertThat(delivery.message().equals(fits))
                    .as("a payload of " + size + " bytes comes back")
                    .isTrue();
            Await.result(delivery.ack());
        }
        Throwable failure = Await.failure("one byte more", trial.queue().publish(trial.newMessage(jsonOf(max + 1))));
        assertThat(failure)
                .isInstanceOfSatisfying(
                        PublishException.class,
                        refused -> assertThat(refused.retryable()).isFalse())
                .hasMessageContaining("QUEUE_MAX_PAYLOAD");
        Message after = trial.publish();
        Delivery delivery = member.requestNext();
        assertThat(delivery.message()).as("the connection stays usable").isEqualTo(after);
        Await.result(delivery.ack());
    }

    private static String jsonOf(int bytes) {
        return "{\"text\":\"" + "x".repeat(bytes - 11) + "\"}";
    }

    @Case(22)
    void publishAfterCloseFailsAtOnceAndCloseTwiceIsHarmless(Trial trial) {
        trial.publish();
        Queue queue = trial.queue();
        queue.close();
        queue.close();
        assertThat(Await.failure("a publish after close", queue.publish(trial.newMessage())))
                .isInstanceOf(QueueClosedException.class);
        CollectingSubscriber late = CollectingSubscriber.to(queue.consume("late"));
        assertThat(Await.failure("a stream after close", late.ended())).isInstanceOf(QueueClosedException.class);
    }

    @Case(23)
    void whatIsPublishedBeforeAnyConsumerIsKept(Trial trial) {
        List<Message> sent = trial.publish(20, null);
        assertThat(trial.stats(trial.group()).consumers()).isZero();
        CollectingSubscriber member = trial.join(trial.colleague(), trial.group(), Delivery::ack);
        member.request(20);
        assertThat(ids(member.next(20)))
                .isEqualTo(sent.stream().map(Message::id).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Case(24)
    void aThousandKeysLeakNothing(Trial trial) {
        trial.publish();
        int threads = Thread.activeCount();
        String group = trial.group();
        List<CompletableFuture<Message>> publishes = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Message plain = trial.newMessage();
            publishes.add(trial.queue()
                    .publish(new Message(
                            plain.id(),
                            "event.k" + i,
                            "T/C" + i,
                            plain.publishedAt(),
                            plain.headers(),
                            plain.payload())));
        }
        publishes.forEach(Await::result);
        CollectingSubscriber member = trial.join(trial.queue(), group, Delivery::ack);
        member.request(Long.MAX_VALUE);
        assertThat(member.next(1001))
                .extracting(delivery -> delivery.message().key())
                .doesNotHaveDuplicates();
        assertThat(Thread.activeCount()).as("threads").isLessThan(threads + 20);
    }

    static Set<String> ids(List<Delivery> deliveries) {
        return deliveries.stream()
                .map(delivery -> delivery.message().id())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
