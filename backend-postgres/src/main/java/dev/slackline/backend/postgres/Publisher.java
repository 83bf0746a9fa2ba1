package dev.slackline.backend.postgres;

import dev.slackline.queue.Message;
import dev.slackline.queue.QueueException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Stores messages: those that wait share a statement, which is a transaction. In the order in which they came, as far
 * as they have the same ordering key.
 */
final class Publisher {

    /** What a row takes up besides its payload. */
    private static final int OVERHEAD = 300;

    /** While one waits for the disk, the other has the next ready. */
    private static final int LANES = 2;

    /** So many in a row go the same way: neighbours are stored together. */
    private static final int TURN = 32;

    private static final class Publish extends Pending<Void> {

        final Message message;

        Publish(Message message) {
            this.message = message;
        }

        @Override
        int bytes() {
            return message.payload().size() + OVERHEAD;
        }
    }

    private final Connections connections;
    private final String schema;
    private final Duration window;
    private final Failures failures;
    private final Bell bell;
    private final List<Lane<Publish>> lanes = new ArrayList<>();
    private final AtomicInteger turns = new AtomicInteger();

    Publisher(Connections connections, String schema, Duration window, Threads threads, Failures failures, Bell bell) {
        this.connections = connections;
        this.schema = schema;
        this.window = window;
        this.failures = failures;
        this.bell = bell;
        for (int i = 1; i <= LANES; i++) {
            lanes.add(new Lane<>("publisher-" + i, threads, failures, this::store));
        }
    }

    void start() {
        lanes.forEach(Lane::start);
    }

    CompletionStage<Void> publish(Message message) {
        Lane<Publish> lane = lane(message.orderingKey());
        if (lane.isOverloaded()) {
            return CompletableFuture.failedStage(failures.publish(
                    "not stored: more waits to be stored than the server takes; publish slower", true, null));
        }
        Publish publish = new Publish(message);
        lane.add(publish);
        return publish.result;
    }

    void stop(Duration timeout) throws InterruptedException {
        for (Lane<Publish> lane : lanes) {
            lane.stop(timeout.dividedBy(LANES));
        }
    }

    /** Those of one ordering key go one way, so that none overtakes another. */
    private Lane<Publish> lane(@Nullable String orderingKey) {
        int turn = orderingKey == null ? turns.getAndIncrement() / TURN : orderingKey.hashCode();
        return lanes.get(Math.floorMod(turn, LANES));
    }

    /** Those of one id are one message, where that is asked for. */
    private void store(List<Publish> batch) {
        if (window.isZero()) {
            storeOnce(batch);
            return;
        }
        Map<String, Publish> first = new LinkedHashMap<>();
        List<Publish> again = new ArrayList<>();
        for (Publish publish : batch) {
            if (first.putIfAbsent(publish.message.id(), publish) != null) {
                again.add(publish);
            }
        }
        storeOnce(List.copyOf(first.values()));
        if (!again.isEmpty()) {
            store(again);
        }
    }

    private void storeOnce(List<Publish> batch) {
        try {
            Offer offer =
                    new Offer(batch.stream().map(publish -> publish.message).toList());
            int stored = connections.call(connection -> offer.store(connection, schema, window));
            if (stored == Offer.NOBODY) {
                QueueException nobody = failures.publish(Offer.UNDECLARED, false, null);
                batch.forEach(publish -> publish.failed(nobody));
            } else if (stored > 0) {
                bell.ring();
            }
        } catch (SQLException e) {
            if (batch.size() == 1 || Failures.retryable(e) || Failures.refused(e)) {
                batch.forEach(publish -> publish.failed(failures.notStored(e)));
            } else { // one of them is to blame: none fails for another's sake
                storeOnce(batch.subList(0, batch.size() / 2));
                storeOnce(batch.subList(batch.size() / 2, batch.size()));
            }
        }
    }
}
