package dev.slackline.backend.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.Stopwatch;
import dev.slackline.queue.testkit.broker.NatsBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users of the server who may do enough, or too little. */
class NatsPermissionsIT {

    private static final String GROUP = "bots";
    private static final String MANUAL = "manual";
    private static final String SILENCED = "silenced";
    private static final String STREAM_OF_MANUAL = "slack_events";

    @TempDir
    static Path folder;

    private static NatsBroker broker;

    private Map<String, String> settings;
    private final List<Queue> opened = new ArrayList<>();

    @BeforeAll
    static void startBroker() {
        broker = NatsBroker.in(folder, """
                { user: "%s", password: "%s", permissions: {
                    publish: ["slack_events.>", "slack_events-dead.>", "slack_events-state.>", "$JS.ACK.slack_events.>",
                        "$JS.API.STREAM.*.slack_events", "$JS.API.STREAM.*.slack_events-dead",
                        "$JS.API.STREAM.*.slack_events-state", "$JS.API.STREAM.MSG.*.slack_events",
                        "$JS.API.STREAM.MSG.*.slack_events-dead", "$JS.API.STREAM.MSG.*.slack_events-state",
                        "$JS.API.CONSUMER.>"],
                    subscribe: ["_INBOX.>"] } }
                { user: "%s", password: "%s", permissions: {
                    publish: { deny: ["*.event.>"] }, subscribe: [">"] } }
                """.formatted(MANUAL, MANUAL, SILENCED, SILENCED));
        broker.start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) { // null where NATS is not installed
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

    @Test
    void thePermissionsInTheManualAreEnough() {
        settings.put("NATS_USERNAME", MANUAL);
        settings.put("NATS_PASSWORD", MANUAL);
        settings.put("NATS_STREAM", STREAM_OF_MANUAL);
        Queue queue = open();
        Await.result(queue.group(GROUP).declare());
        CollectingSubscriber member = CollectingSubscriber.to(queue.consume(GROUP));
        Await.result(queue.publish("event.x", Map.of()));
        Await.result(member.requestNext().release());
        Await.result(member.requestNext().retry(Duration.ofMillis(20), "once more"));
        Await.result(member.requestNext().deadLetter("no"));
        assertThat(Await.result(queue.group(GROUP).deadLetters().list(null, 10)))
                .hasSize(1);
        assertThat(Await.result(queue.group(GROUP).deadLetters().replayAll())).isEqualTo(1);
        Await.result(member.requestNext().ack());
        assertThat(Await.result(queue.groups())).containsExactly(GROUP);
        Await.result(queue.dropTopic());
    }

    @Test
    void whoMayNotPublishIsToldSoAtOnce() {
        Await.result(open().group(GROUP).declare());
        settings.put("NATS_USERNAME", SILENCED);
        settings.put("NATS_PASSWORD", SILENCED);
        Queue queue = open();
        Stopwatch stopwatch = Stopwatch.start();
        assertThat(Await.failure("a publish without permission", queue.publish("event.x", Map.of())))
                .isInstanceOfSatisfying(
                        QueueException.class,
                        refusal -> assertThat(refusal.retryable()).isFalse())
                .hasMessageContaining("permission");
        assertThat(stopwatch.elapsed()).isLessThan(Duration.ofSeconds(5)); // not when its time is up, after ten
        stopwatch.close();
    }

    private Queue open() {
        Queue queue = Server.open(settings);
        opened.add(queue);
        return queue;
    }
}
