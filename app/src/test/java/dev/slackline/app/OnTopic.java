package dev.slackline.app;

import dev.slackline.app.brokers.TestBroker;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the command line on a broker that runs, each with a topic of its own. */
abstract class OnTopic {

    final TestBroker broker;

    @TempDir
    Path folder = Path.of("");

    InProcess slackline = new InProcess(folder);
    String topic = "";

    OnTopic(TestBroker broker) {
        this.broker = broker;
    }

    @BeforeEach
    void begin() {
        broker.control().start();
        topic = "commands_" + UUID.randomUUID().toString().substring(0, 8);
        slackline = new InProcess(folder);
        environment().forEach(slackline::with);
    }

    /** What tells Slackline of the topic. */
    final Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(broker.access());
        environment.put("QUEUE_BACKEND", broker.backend());
        environment.put(broker.topicVariable(), topic);
        return environment;
    }
}
