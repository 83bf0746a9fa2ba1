package dev.slackline.backend.nats;

import dev.slackline.queue.Queue;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.broker.NatsBroker;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests on a server that they share, each with a topic of its own. */
abstract class OnServer {

    static final String GROUP = "bots";

    @TempDir
    static Path folder;

    static NatsBroker broker;

    Map<String, String> settings;
    String stream;
    private Connection plain;
    private final List<Queue> opened = new ArrayList<>();

    @BeforeAll
    static void startBroker() {
        broker = NatsBroker.in(folder);
        broker.start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) { // null where NATS is not installed
            broker.close();
        }
    }

    @BeforeEach
    void newTopic() throws Exception {
        settings = Server.newTopic(broker.address());
        stream = Server.stream(settings);
        plain = Server.connect(settings);
    }

    @AfterEach
    void closeAll() throws Exception {
        opened.forEach(Queue::close);
        plain.close();
    }

    Queue open() {
        Queue queue = Server.open(settings);
        opened.add(queue);
        return queue;
    }

    static CollectingSubscriber consume(Queue queue) {
        Await.result(queue.group(GROUP).declare());
        return CollectingSubscriber.to(queue.consume(GROUP));
    }

    static List<String> publish(Queue queue, int count) {
        Await.result(queue.group(GROUP).declare());
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(Await.result(queue.publish("event.x", Map.of("n", i))).id());
        }
        return ids;
    }

    JetStreamManagement management() throws IOException {
        return plain.jetStreamManagement();
    }

    long messages(String of) {
        try {
            return management().getStreamInfo(of).getStreamState().getMsgCount();
        } catch (IOException | JetStreamApiException e) {
            throw new IllegalStateException(e);
        }
    }
}
