package dev.slackline.app.demo;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.Status;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** A real backend that cannot be reached for a while: so many messages are refused, each of them once. */
final class Outage implements QueueBackend {

    private final QueueBackend backend;
    private final Set<String> refused = new HashSet<>();
    private int toRefuse;

    Outage(QueueBackend backend) {
        this.backend = backend;
    }

    /** The next so many messages are refused. */
    synchronized void refuse(int messages) {
        toRefuse += messages;
    }

    synchronized int refused() {
        return refused.size();
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
        return isRefused(message)
                ? CompletableFuture.failedStage(new QueueConnectionException(
                        "the demo has taken the queue away", capabilities().backend(), topic(), true, null))
                : backend.publish(message);
    }

    private synchronized boolean isRefused(Message message) {
        if (toRefuse == 0 || !refused.add(message.id())) {
            return false;
        }
        toRefuse--;
        return true;
    }

    @Override
    public Flow.Publisher<Delivery> consume(String group) {
        return backend.consume(group);
    }

    @Override
    public Group group(String name) {
        return backend.group(name);
    }

    @Override
    public CompletionStage<List<String>> groups() {
        return backend.groups();
    }

    @Override
    public CompletionStage<Void> dropTopic() {
        return backend.dropTopic();
    }

    @Override
    public Status status() {
        return backend.status();
    }

    @Override
    public Capabilities capabilities() {
        return backend.capabilities();
    }

    @Override
    public String topic() {
        return backend.topic();
    }

    @Override
    public void close() {
        backend.close();
    }
}
