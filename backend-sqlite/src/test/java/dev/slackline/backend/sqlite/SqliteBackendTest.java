package dev.slackline.backend.sqlite;

import static dev.slackline.backend.sqlite.Sqlite.await;
import static dev.slackline.backend.sqlite.Sqlite.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.Settlement;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteBackendTest {

    @TempDir
    Path folder;

    @Test
    void publishedMessageIsDeliveredAsItWasAndGoneOnceAcked() throws Exception {
        try (QueueBackend backend = Sqlite.open(folder.resolve("q.db"))) {
            await(backend.group("bots").declare());
            Message message = Message.of("event.app_mention", Payload.parse("{\"a\" : 1.0,\"a\":\"é😀\"}"))
                    .withOrderingKey("T1/C1")
                    .withHeaders(Map.of("slack-team", "T1", "empty", ""));
            await(backend.publish(message));
            Probe probe = Probe.on(backend, "bots", 8);
            Delivery delivery = probe.next();
            assertThat(delivery.message()).isEqualTo(message);
            assertThat(delivery.attempt()).isEqualTo(1);
            assertThat(await(delivery.ack())).isEqualTo(Settlement.SETTLED);
            GroupStats stats = await(backend.group("bots").stats());
            assertThat(stats.waiting()).isZero();
            assertThat(stats.consumers()).isEqualTo(1);
        }
    }

    @Test
    void waitingMemberGetsWhatIsPublishedLater() throws Exception {
        try (QueueBackend backend = Sqlite.open(folder.resolve("q.db"))) {
            await(backend.group("bots").declare());
            Probe probe = Probe.on(backend, "bots", 8);
            await(backend.publish(message(1)));
            await(probe.next().ack());
            await(backend.publish(message(2)));
            await(probe.next().ack());
        }
    }
}
