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

/**
 * Stores messages: those that wait share a statement, which is a transaction. In the order in which they came, so that those
 * of an ordering key are kept in it.
 */
final class Publisher {

    /** What a row takes up besides its payload. */
    private static final int OVERHEAD = 300;

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
    private final Lane<Publish> lane;

    Publisher(Connections connections, String schema, Duration window, Threads threads, Failures failures, Bell bell) {
        this.connections = connections;
        this.schema = schema;
        this.window = window;
        this.failures = failures;
        this.bell = bell;
        this.lane = new Lane<>("publisher", threads, failures, this::store);
    }

    void start() {
        lane.start();
    }

    CompletionStage<Void> publish(Message message) {
        if (lane.isOverloaded()) {
            return CompletableFuture.failedStage(failures.publish(
                    "not stored: more waits to be stored than the server takes; publish slower", true, null));
        }
        Publish publish = new Publish(message);
        lane.add(publish);
        return publish.result;
    }

    void stop(Duration timeout) throws InterruptedException {
        lane.stop(timeout);
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
