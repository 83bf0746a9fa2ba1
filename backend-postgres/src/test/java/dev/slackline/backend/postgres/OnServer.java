package dev.slackline.backend.postgres;

import dev.slackline.queue.Queue;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.broker.PostgresBroker;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test on a server that its class shares, with a topic of its own. */
abstract class OnServer {

    static final String GROUP = "bots";

    @TempDir
    static Path folder;

    static PostgresBroker broker;

    private final List<Queue> opened = new CopyOnWriteArrayList<>(); // some tests open several at once
    Map<String, String> settings = Map.of();

    @BeforeAll
    static void startBroker() {
        broker = PostgresBroker.in(folder.resolve("broker"));
        broker.start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) { // null where PostgreSQL is not installed
            broker.close();
        }
    }

    @BeforeEach
    void newTopic() {
        settings = Server.newTopic(broker.address());
    }

    @AfterEach
    void closeAll() {
        opened.forEach(Queue::close);
    }

    /** A queue on the topic of the test, as another process would have it. */
    Queue open() {
        return open(Map.of());
    }

    Queue open(Map<String, String> others) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(others);
        Queue queue = Server.open(all);
        opened.add(queue);
        return queue;
    }

    /** A queue with the group declared. */
    Queue openWithGroup() {
        Queue queue = open();
        Await.result(queue.group(GROUP).declare());
        return queue;
    }

    static CollectingSubscriber consume(Queue queue) {
        return CollectingSubscriber.to(queue.consume(GROUP));
    }

    long number(String sql) {
        return Server.number(settings, sql);
    }

    void execute(String... statements) {
        Server.execute(settings, statements);
    }
}
