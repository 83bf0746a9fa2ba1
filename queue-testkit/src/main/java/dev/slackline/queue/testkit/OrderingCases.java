package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** What an ordering key promises. */
abstract class OrderingCases {

    private static final Duration A_WHILE = Duration.ofMillis(200);

    @Case(60)
    void ofOneKeyOneIsInFlightInTheOrderOfPublishing(Trial trial) {
        trial.requires(Feature.ORDER_BY_KEY);
        List<Message> sent = trial.publish(20, "T/C");
        List<CollectingSubscriber> members = List.of(
                trial.join(trial.group()).request(20),
                trial.join(trial.colleague(), trial.group(), delivery -> {}).request(20));
        for (int i = 0; i < sent.size(); i++) {
            int expected = i + 1;
            Await.until("the next of the key comes", () -> handedOut(members).size() >= expected);
            if (i < 2) {
                Await.holds(
                        "one of a key is in flight",
                        A_WHILE,
                        () -> handedOut(members).size() == expected);
            }
            List<Delivery> all = handedOut(members);
            assertThat(all).as("handed out before the one before was acked").hasSize(expected);
            Delivery current = all.stream()
                    .filter(delivery -> trial.ledger()
                            .unacknowledged(trial.group())
                            .contains(delivery.message().id()))
                    .findFirst()
                    .orElseThrow();
            assertThat(current.message())
                    .as("message " + expected + " of the key")
                    .isEqualTo(sent.get(i));
            Await.result(current.ack());
        }
    }

    @Case(60)
    void whatIsPublishedWithoutWaitingKeepsItsOrder(Trial trial) {
        trial.requires(Feature.ORDER_BY_KEY);
        trial.group();
        List<CompletableFuture<Message>> publishes = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            publishes.add(trial.queue().publish(trial.newMessage().withOrderingKey("T/C" + i % 50)));
            if (i >= 500) {
                Await.result(publishes.get(i - 500)); // small parcels under way, and others behind them
            }
        }
        List<String> sent =
                publishes.stream().map(Await::result).map(Message::id).toList();
        List<Delivery> came = trial.join(trial.queue(), trial.group(), Delivery::ack)
                .request(sent.size())
                .next(sent.size());
        Map<String, List<String>> byKey = came.stream()
                .map(Delivery::message)
                .collect(Collectors.groupingBy(
                        message -> String.valueOf(message.orderingKey()),
                        Collectors.mapping(Message::id, Collectors.toList())));
        byKey.forEach((key, ids) -> assertThat(ids)
                .as("the messages of " + key)
                .isEqualTo(sent.stream().filter(Set.copyOf(ids)::contains).toList()));
    }

    @Case(60)
    void workersOfAGroupHandleAKeyInOrder(Trial trial) {
        trial.requires(Feature.ORDER_BY_KEY);
        List<String> handled = Collections.synchronizedList(new ArrayList<>());
        Set<String> running = ConcurrentHashMap.newKeySet();
        AtomicInteger overlaps = new AtomicInteger();
        Worker.Handler handler = delivery -> {
            String key = String.valueOf(delivery.message().orderingKey());
            overlaps.addAndGet(running.add(key) ? 0 : 1);
            handled.add(delivery.message().id());
            running.remove(key);
        };
        trial.group();
        try (Worker one = Worker.start(trial.queue(), trial.group(), 4, handler);
                Worker two = Worker.start(trial.colleague(), trial.group(), 4, handler)) {
            List<Message> a = new ArrayList<>();
            List<Message> b = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                a.addAll(trial.publish(1, "T/A"));
                b.addAll(trial.publish(1, "T/B"));
            }
            Await.until(
                    () -> "all are handled; " + handled.size() + " were", Await.bound(), () -> handled.size() >= 100);
            Await.until(
                    "all are acked",
                    () -> trial.ledger().unacknowledged(trial.group()).isEmpty());
            assertThat(overlaps).as("handlers of one key at the same time").hasValue(0);
            assertThat(only(handled, a)).containsExactlyElementsOf(ids(a));
            assertThat(only(handled, b)).containsExactlyElementsOf(ids(b));
            assertThat(one.ended().toCompletableFuture().isDone()
                            || two.ended().toCompletableFuture().isDone())
                    .isFalse();
        }
    }

    @Case(61)
    void orderIsKeptThroughARetry(Trial trial) {
        trial.requires(Feature.ORDER_BY_KEY);
        List<Message> sent = trial.publish(3, "T/C");
        Message other = trial.publish(trial.newMessage().withOrderingKey("T/D"));
        CollectingSubscriber member = trial.join(trial.group()).request(10);
        List<Delivery> firstTwo = member.next(2);
        Delivery first = firstTwo.stream()
                .filter(delivery -> delivery.message().equals(sent.get(0)))
                .findFirst()
                .orElseThrow();
        Delivery aside = firstTwo.stream()
                .filter(delivery -> delivery.message().equals(other))
                .findFirst()
                .orElseThrow();
        Await.result(first.retry(Duration.ofSeconds(3), "not yet"));
        Await.result(aside.ack());
        Await.holds("later messages of the key wait for the retry", A_WHILE, () -> member.count() == 2);
        Message progress = trial.publish(trial.newMessage().withOrderingKey("T/D"));
        Delivery passing = member.next();
        assertThat(passing.message()).as("what comes while one key waits").isEqualTo(progress);
        Await.result(passing.ack());
        for (Message expected : sent) {
            Delivery next = member.next();
            assertThat(next.message()).isEqualTo(expected);
            Await.result(next.ack());
        }
    }

    @Case(61)
    void aDeadLetterLetsTheNextOfItsKeyThrough(Trial trial) {
        trial.requires(Feature.ORDER_BY_KEY);
        List<Message> sent = trial.publish(2, "T/C");
        CollectingSubscriber member = trial.join(trial.group()).request(10);
        Await.result(member.next().deadLetter("hopeless"));
        Delivery next = member.next();
        assertThat(next.message()).isEqualTo(sent.get(1));
        Await.result(next.ack());
    }

    @Case(62)
    void orderIsKeptWhenMembersChange(Trial trial) {
        trial.requires(Feature.ORDER_BY_KEY);
        trial.set(QueueSettings.LEASE, "300ms");
        trial.ledger().allowDuplicates(trial.has(Feature.COUNTS_CRASHES) ? 0 : 100);
        List<Message> sent = trial.publish(30, "T/C");
        List<Message> firstSeen = new ArrayList<>();
        Set<String> acked = new HashSet<>();
        for (int round = 0; acked.size() < sent.size(); round++) {
            CollectingSubscriber member =
                    trial.join(round % 2 == 0 ? trial.queue() : trial.colleague(), trial.group(), delivery -> {});
            for (int i = 0; i < 7 && acked.size() < sent.size(); i++) {
                Delivery delivery = member.requestNext();
                if (!firstSeen.contains(delivery.message())) {
                    firstSeen.add(delivery.message());
                }
                if (i == 5) {
                    Await.result(delivery.release());
                } else if (i < 6) {
                    Await.result(delivery.ack());
                    acked.add(delivery.message().id());
                } // the last one is held by a member that vanishes
            }
            member.cancel();
        }
        assertThat(firstSeen).containsExactlyElementsOf(sent);
    }

    @Case(63)
    void withoutAnOrderingKeyTheWorkIsSpread(Trial trial) {
        CollectingSubscriber one = trial.join(trial.group()).request(5);
        CollectingSubscriber two =
                trial.join(trial.colleague(), trial.group(), delivery -> {}).request(5);
        trial.publish(10, null);
        List<Delivery> all = new ArrayList<>(one.next(5));
        all.addAll(two.next(5));
        all.forEach(delivery -> Await.result(delivery.ack()));
        assertThat(all).extracting(delivery -> delivery.message().id()).doesNotHaveDuplicates();
    }

    @Case(64)
    void aHotKeyDoesNotHoldUpTheOthers(Trial trial) throws InterruptedException {
        trial.set(QueueSettings.PREFETCH, "8");
        trial.publish(500, "T/HOT");
        CountDownLatch stuck = new CountDownLatch(1);
        Set<String> cold = ConcurrentHashMap.newKeySet();
        Worker worker = Worker.start(trial.queue(), trial.group(), 4, delivery -> {
            if ("T/HOT".equals(delivery.message().orderingKey())) {
                assertThat(stuck.await(30, TimeUnit.SECONDS)).isTrue();
            } else {
                cold.add(delivery.message().id());
            }
        });
        try (worker) {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                expected.addAll(ids(trial.publish(1, "T/C" + i)));
            }
            if (trial.has(Feature.ORDER_BY_KEY)) {
                Await.until(
                        () -> "the others pass; " + cold.size() + " did",
                        Await.bound(),
                        () -> cold.containsAll(expected));
            }
            stuck.countDown();
            Await.until(
                    "all are handled",
                    () -> trial.ledger().unacknowledged(trial.group()).isEmpty());
            assertThat(cold).containsAll(expected);
        }
    }

    private static List<Delivery> handedOut(List<CollectingSubscriber> members) {
        return members.stream().flatMap(member -> member.received().stream()).toList();
    }

    private static List<String> ids(List<Message> messages) {
        return messages.stream().map(Message::id).toList();
    }

    private static List<String> only(List<String> handled, List<Message> of) {
        List<String> ids = ids(of);
        synchronized (handled) {
            return handled.stream().filter(ids::contains).toList();
        }
    }
}
