package dev.slackline.slack.socket;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.Message;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Status;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;

/** A backend that confirms when it is told to. */
final class StalledBackend implements QueueBackend {

    final List<CompletableFuture<Void>> publishes = new CopyOnWriteArrayList<>();
    final List<Message> messages = new CopyOnWriteArrayList<>();
    private volatile boolean confirming;

    Queue queue() {
        return Queue.of(this, QueueSettings.defaults());
    }

    void confirmAll() {
        confirming = true;
        publishes.forEach(publish -> publish.complete(null));
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
        CompletableFuture<Void> publish = new CompletableFuture<>();
        messages.add(message);
        publishes.add(publish);
        if (confirming) {
            publish.complete(null);
        }
        return publish;
    }

    @Override
    public Flow.Publisher<Delivery> consume(String group) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Group group(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<List<String>> groups() {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public Status status() {
        return Status.up("it waits");
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities("stalled", Set.of(), "none");
    }

    @Override
    public void close() {
        publishes.forEach(publish -> publish.cancel(false));
    }
}
