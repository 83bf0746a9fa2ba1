package dev.slackline.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Status;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.Stopwatch;
import dev.slackline.queue.testkit.broker.PgBouncer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Behind a pooler that gives every transaction another session. */
class PgBouncerIT extends OnServer {

    private static PgBouncer pooler;

    @BeforeAll
    static void startPooler() {
        pooler = PgBouncer.before(broker, folder.resolve("pooler"), 3);
    }

    @AfterAll
    static void stopPooler() {
        if (pooler != null) {
            pooler.close();
        }
    }

    @Test
    void everythingWorksAndConsumersLookByThemselves() {
        Queue queue = openPooled();
        Await.result(queue.group(GROUP).declare());
        Queue colleague = openPooled();
        CollectingSubscriber member = consume(colleague).request(1000);
        Message sent = Await.result(queue.publish("event.x", Map.of("a", 1)));
        Delivery delivery = member.next();
        assertThat(delivery.message()).isEqualTo(sent);
        assertThat(Await.result(delivery.retry(Duration.ofMillis(10), "again"))).isEqualTo(Settlement.SETTLED);
        Delivery again = member.next();
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(Await.result(again.deadLetter("hopeless"))).isEqualTo(Settlement.SETTLED);
        assertThat(Await.result(queue.group(GROUP).deadLetters().replayAll())).isEqualTo(1);
        assertThat(Await.result(member.next().ack())).isEqualTo(Settlement.SETTLED);
        Duration found = Stopwatch.median(5, () -> {
            Await.result(queue.publish("event.x", Map.of("a", 2)));
            Await.result(member.next().ack());
        });
        assertThat(found).isLessThan(Duration.ofSeconds(1));
        assertThat(Await.result(queue.group(GROUP).stats()).consumers()).isEqualTo(1);
        assertThat(queue.status().state()).isEqualTo(Status.State.UP);
        assertThat(number("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"))
                .as("sessions that listen through the pooler")
                .isZero();
    }

    @Test
    void underLoadEachMessageComesOnceAndKeysKeepTheirOrder() {
        Queue queue = openPooled();
        Await.result(queue.group(GROUP).declare());
        List<CollectingSubscriber> members = List.of(
                CollectingSubscriber.to(queue.consume(GROUP), Delivery::ack),
                CollectingSubscriber.to(openPooled().consume(GROUP), Delivery::ack));
        members.forEach(member -> member.request(Long.MAX_VALUE));
        List<CompletableFuture<Message>> publishes = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            publishes.add(queue.publish(Message.of("event.x", Payload.of(Map.of("n", i)))
                    .withOrderingKey(i % 2 == 0 ? "T/" + i % 20 : null)));
        }
        publishes.forEach(Await::result);
        Await.until(
                () -> "all come; "
                        + members.stream().mapToInt(CollectingSubscriber::count).sum(),
                Duration.ofSeconds(30),
                () -> members.stream().mapToInt(CollectingSubscriber::count).sum() >= 2000);
        assertThat(members.stream().mapToInt(CollectingSubscriber::count).sum()).isEqualTo(2000);
    }

    @Test
    void aTransactionOfTheApplicationPublishesThroughIt() throws SQLException {
        Queue queue = openPooled();
        CollectingSubscriber member = consume(queue).request(1);
        Await.result(queue.group(GROUP).declare());
        PostgresQueue outbox = PostgresQueue.fromEnv(settings);
        try (Connection connection = Server.connect(pooled())) {
            connection.setAutoCommit(false);
            for (int i = 0; i < 10; i++) {
                outbox.publish(connection, Message.of("event.x", Payload.of(Map.of("n", i))));
                connection.rollback();
            }
            Message done = Message.of("event.x", Payload.of(Map.of("done", true)));
            outbox.publish(connection, done);
            connection.commit();
            assertThat(member.next().message()).isEqualTo(done);
        }
    }

    private Queue openPooled() {
        return open(Map.of("POSTGRES_URL", Server.url("127.0.0.1", pooler.address())));
    }

    /** How an application comes through: it has to say itself that nothing can be prepared. */
    private Map<String, String> pooled() {
        Map<String, String> topic = new HashMap<>(settings);
        topic.put("POSTGRES_URL", Server.url("127.0.0.1", pooler.address()) + "?prepareThreshold=0");
        return topic;
    }
}
