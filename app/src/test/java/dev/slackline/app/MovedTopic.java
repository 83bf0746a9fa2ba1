package dev.slackline.app;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetter.Death;
import dev.slackline.queue.Deliveries;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A topic with the groups {@code default} and {@code bots}, from or to which is moved, and the ledger of it. */
final class MovedTopic implements AutoCloseable {

    /** So long it is looked whether more comes than is expected. */
    private static final Duration MORE = Duration.ofSeconds(1);

    /** A broker may have just come back, and may be slow. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int KEYS = 50;

    private final Map<String, String> settings;
    private final Queue queue;
    /** What each group has to get, or has got, by id. */
    private final Map<String, Map<String, Message>> groups = new HashMap<>();

    private int published;
    private final List<DeadLetter> buried = new ArrayList<>();
    private int duplicates;
    private final List<String> misplaced = new ArrayList<>();

    MovedTopic(Map<String, String> settings) {
        this.settings = settings;
        Map<String, String> all = new HashMap<>(settings);
        all.put("QUEUE_GROUPS", "default,bots");
        queue = Queue.fromEnv(all);
        groups.put("default", new LinkedHashMap<>());
        groups.put("bots", new LinkedHashMap<>());
    }

    Map<String, String> settings() {
        return settings;
    }

    String backend() {
        return queue.capabilities().backend();
    }

    boolean has(Feature feature) {
        return queue.capabilities().has(feature);
    }

    /** Publishes so many, and has the group {@code default} done with some of them. */
    void publish(int count, int doneByDefault) {
        List<CompletableFuture<Message>> publishes = new ArrayList<>();
        for (int end = published + count; published < end; published++) {
            int n = published;
            publishes.add(queue.publish(Message.of("event.message", Payload.parse("{ \"n\": " + n + " }"))
                    .withOrderingKey("T/C" + n % KEYS)
                    .withHeaders(Map.of("n", Integer.toString(n)))));
        }
        for (CompletableFuture<Message> publish : publishes) {
            Message message = publish.join();
            groups.values().forEach(expected -> expected.put(message.id(), message));
        }
        take("default", doneByDefault, (id, delivery) -> delivery.ack());
    }

    /** Has the group {@code bots} give up some. */
    void bury(int count) {
        take("bots", count, (id, delivery) -> delivery.deadLetter("hopeless " + id));
        buried.addAll(dead("bots"));
    }

    /** Has the group {@code default} put one aside for an hour. */
    void delayOne() {
        take("default", 1, (id, delivery) -> delivery.retry(Duration.ofHours(1), "later"));
    }

    /** Has the group {@code default} hold one until it is told to give it back: no move ends before that. */
    Runnable hold() {
        publish(1, 0); // there may be no other
        Map<String, String> one = new HashMap<>(settings);
        one.put("QUEUE_PREFETCH", "1");
        Queue holding = Queue.fromEnv(one);
        Deliveries deliveries = holding.deliveries("default");
        Delivery held = deliveries.next();
        return () -> {
            held.release().toCompletableFuture().join();
            deliveries.close();
            holding.close();
        };
    }

    private interface Settling {
        CompletionStage<?> settle(String id, Delivery delivery);
    }

    private void take(String group, int count, Settling settling) {
        List<CompletableFuture<?>> settled = new ArrayList<>();
        try (Deliveries deliveries = queue.deliveries(group)) {
            for (int i = 0; i < count; i++) {
                Delivery delivery = deliveries.next();
                String id = delivery.message().id();
                settled.add(settling.settle(id, delivery).toCompletableFuture());
                expected(group).remove(id);
            }
            settled.forEach(CompletableFuture::join);
        }
    }

    long waiting() {
        return groups.keySet().stream()
                .mapToLong(group ->
                        queue.group(group).stats().toCompletableFuture().join().waiting())
                .sum();
    }

    /** The dead letters, with times as exact as every backend keeps them. */
    List<DeadLetter> dead(String group) {
        return queue.group(group).deadLetters().list(null, 1000).toCompletableFuture().join().stream()
                .map(letter -> new DeadLetter(
                        letter.message(),
                        letter.group(),
                        letter.deaths().stream()
                                .map(death -> new Death(
                                        death.at().truncatedTo(ChronoUnit.MILLIS), death.attempts(), death.reason()))
                                .toList()))
                .toList();
    }

    List<DeadLetter> buried() {
        return buried;
    }

    Map<String, Message> expected(String group) {
        return groups.getOrDefault(group, Map.of());
    }

    Map<String, Message> received(String group) {
        return expected(group);
    }

    /** Reads and acknowledges everything that waits: what the other has left for it to get, and whatever else there is. */
    void readAll(MovedTopic other) {
        groups.forEach((group, received) -> read(group, received, other.expected(group)));
    }

    private void read(String group, Map<String, Message> received, Map<String, Message> expected) {
        Map<String, Integer> last = new HashMap<>();
        try (Deliveries deliveries = queue.deliveries(group)) {
            while (true) {
                boolean all = received.keySet().containsAll(expected.keySet());
                Optional<Delivery> next = deliveries.poll(all ? MORE : PATIENCE);
                if (next.isEmpty()) {
                    return;
                }
                Message message = next.get().message();
                next.get().ack();
                if (received.put(message.id(), message) != null) {
                    duplicates++;
                } else {
                    int n = Integer.parseInt(message.headers().getOrDefault("n", "-1"));
                    Integer before = last.put(String.valueOf(message.orderingKey()), n);
                    if (before != null && before > n) {
                        misplaced.add(group + ": " + n + " after " + before);
                    }
                }
            }
        }
    }

    int duplicates() {
        return duplicates;
    }

    /** Which came after a later one of their ordering key. */
    List<String> misplaced() {
        return misplaced;
    }

    @Override
    public void close() {
        queue.close();
    }
}
