package dev.slackline.queue.testkit;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.Status;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Passes every call on; a subclass changes one of them. As thread-safe as what it wraps. */
public class ForwardingBackend implements QueueBackend {

    private final QueueBackend backend;

    /** Wraps a backend. */
    protected ForwardingBackend(QueueBackend backend) {
        this.backend = backend;
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
        return backend.publish(message);
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
