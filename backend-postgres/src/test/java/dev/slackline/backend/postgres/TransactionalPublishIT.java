package dev.slackline.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.Queue;
import dev.slackline.queue.SerializationException;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.Stopwatch;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publishing as part of what an application does in the same database. */
class TransactionalPublishIT extends OnServer {

    private PostgresQueue outbox = PostgresQueue.fromEnv(Map.of());

    @BeforeEach
    void prepare() {
        outbox = PostgresQueue.fromEnv(settings);
    }

    @Test
    void aRollbackPublishesNothingAndACommitWakesAConsumer() throws SQLException {
        Queue queue = openWithGroup();
        CollectingSubscriber member = consume(queue).request(10);
        execute("CREATE TABLE $.orders (id integer)");
        Message undone = newMessage();
        Message done = newMessage();
        try (Connection connection = begin()) {
            order(connection, 1);
            assertThat(outbox.publish(connection, undone)).isTrue();
            connection.rollback();
            order(connection, 2);
            assertThat(outbox.publish(connection, done)).isTrue();
            Await.holds("nothing comes before the commit", Duration.ofMillis(300), () -> member.count() == 0);
            connection.commit();
            Delivery delivery = member.next();
            assertThat(delivery.message()).isEqualTo(done);
            Await.result(delivery.ack());
        }
        assertThat(number("SELECT sum(id) FROM $.orders")).isEqualTo(2);
        assertThat(Await.result(queue.group(GROUP).stats()).waiting()).isZero();
        assertThat(member.count()).isEqualTo(1);
    }

    @Test
    void aCommitWakesAConsumerBeforeItLooksByItself() throws SQLException {
        CollectingSubscriber member = consume(openWithGroup()).request(10);
        try (Connection connection = begin()) {
            Duration woken = Stopwatch.median(5, () -> {
                try {
                    outbox.publish(connection, newMessage());
                    connection.commit();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
                Await.result(member.next().ack());
            });
            assertThat(woken).isLessThan(Duration.ofMillis(500)); // it looks once a second
        }
    }

    @Test
    void whatWasRolledBackMayBePublishedAgain() throws SQLException {
        Queue queue = openWithGroup();
        Message message = newMessage();
        try (Connection connection = begin()) {
            outbox.publish(connection, message);
            connection.rollback();
            assertThat(outbox.publish(connection, message)).as("the same id").isTrue();
            assertThat(outbox.publish(connection, message)).as("once more").isFalse();
            connection.commit();
            assertThat(outbox.publish(connection, message))
                    .as("after the commit")
                    .isFalse();
            connection.commit();
        }
        Await.result(queue.publish(message));
        assertThat(Await.result(queue.group(GROUP).stats()).waiting()).isEqualTo(1);
        Delivery delivery = consume(queue).requestNext();
        assertThat(delivery.message()).isEqualTo(message);
        Await.result(delivery.ack());
    }

    @Test
    void whatIsRefusedLeavesTheTransactionUsable() throws SQLException {
        try (Queue queue = open()) {
            Await.result(queue.connect());
        }
        execute("CREATE TABLE $.orders (id integer)");
        try (Connection connection = begin()) {
            order(connection, 1);
            assertThatThrownBy(() -> outbox.publish(connection, newMessage()))
                    .isInstanceOf(PublishException.class)
                    .hasMessageContaining("no group is declared");
            Message large = Message.of("event.x", Payload.of(Map.of("text", "x".repeat(1 << 20))));
            assertThatThrownBy(() -> outbox.publish(connection, large))
                    .isInstanceOf(PublishException.class)
                    .hasMessageContaining("QUEUE_MAX_PAYLOAD");
            Message broken = Message.of("event.x", Payload.unchecked("[1]".getBytes(StandardCharsets.UTF_8)));
            assertThatThrownBy(() -> outbox.publish(connection, broken)).isInstanceOf(SerializationException.class);
            connection.commit();
        }
        assertThat(number("SELECT count(*) FROM $.orders")).isEqualTo(1);
    }

    /** A cursor would be beyond the first when that one becomes visible. */
    @Test
    void whatIsCommittedLateIsNotSkipped() throws SQLException {
        Queue queue = openWithGroup();
        CollectingSubscriber member = consume(queue).request(10);
        Message late = newMessage().withOrderingKey("T/C");
        try (Connection connection = begin()) {
            outbox.publish(connection, late);
            List<Message> sooner = List.of(newMessage(), newMessage().withOrderingKey("T/C"));
            sooner.forEach(message -> Await.result(queue.publish(message)));
            List<Delivery> came = member.next(2);
            assertThat(came).extracting(Delivery::message).containsExactlyInAnyOrderElementsOf(sooner);
            connection.commit();
            Await.holds("one of the key is in flight already", Duration.ofMillis(300), () -> member.count() == 2);
            came.forEach(delivery -> Await.result(delivery.ack()));
            assertThat(member.next().message()).isEqualTo(late);
        }
    }

    @Test
    void aTransactionThatStaysOpenHoldsUpNobodyElse() throws SQLException {
        Queue queue = openWithGroup();
        CollectingSubscriber member = CollectingSubscriber.to(queue.consume(GROUP), Delivery::ack);
        member.request(1000);
        try (Connection connection = begin()) {
            outbox.publish(connection, newMessage().withOrderingKey("T/C"));
            for (int i = 0; i < 200; i++) {
                Await.result(queue.publish(newMessage().withOrderingKey("T/C")));
            }
            Await.until(() -> "all others come; " + member.count(), Await.bound(), () -> member.count() == 200);
            connection.rollback();
        }
    }

    /** Any program that speaks SQL can do the same. */
    @Test
    void anyProgramMayPublishWithTheFunctionInTheSchema() {
        Queue queue = openWithGroup();
        CollectingSubscriber member = consume(queue).request(10);
        execute("SELECT $.publish(ARRAY['from-sql'], ARRAY['event.x'], ARRAY[NULL], ARRAY[1000::bigint], ARRAY[NULL],"
                + " ARRAY[convert_to('{\"a\":1}', 'UTF8')], 3600000)");
        Delivery delivery = member.next();
        assertThat(delivery.message().id()).isEqualTo("from-sql");
        assertThat(delivery.message().payload().text()).isEqualTo("{\"a\":1}");
        Await.result(delivery.ack());
    }

    private Connection begin() throws SQLException {
        Connection connection = Server.connect(settings);
        connection.setAutoCommit(false);
        return connection;
    }

    private void order(Connection connection, int id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO " + settings.get("POSTGRES_SCHEMA") + ".orders VALUES (" + id + ")");
        }
    }

    private static Message newMessage() {
        return Message.of("event.order_placed", Payload.of(Map.of("text", "hello")));
    }
}
