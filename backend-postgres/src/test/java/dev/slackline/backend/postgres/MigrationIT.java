package dev.slackline.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What version 1 left in the tables goes on in this one, whatever state it was in. */
class MigrationIT extends OnServer {

    private static final String WAITING =
            "SELECT $.publish(ARRAY(SELECT 'old-' || n FROM generate_series(%1$d, %2$d) n),"
                    + " ARRAY(SELECT 'event.x' FROM generate_series(%1$d, %2$d)),"
                    + " ARRAY(SELECT CASE n %% 3 WHEN 0 THEN NULL ELSE 'T/' || n %% 3 END FROM generate_series(%1$d, %2$d) n),"
                    + " ARRAY(SELECT 1700000000000 + n FROM generate_series(%1$d, %2$d) n),"
                    + " ARRAY(SELECT NULL::text FROM generate_series(%1$d, %2$d)),"
                    + " ARRAY(SELECT convert_to('{\"n\":' || n || '}', 'UTF8') FROM generate_series(%1$d, %2$d) n), 90000000)";

    /** Thirty that wait; of them two are lent for an hour, one is dead, one is due again, one is gone. */
    @BeforeEach
    void versionOne() throws IOException {
        execute(
                "CREATE SCHEMA " + settings.get("POSTGRES_SCHEMA"),
                versionOneScript(),
                "SELECT $.declare_group('" + GROUP + "', false)",
                String.format(WAITING, 1, 30),
                "SELECT $.lend('" + GROUP + "', 5, 7, 3600000)",
                "SELECT $.ack(ARRAY[1], ARRAY[1]::bigint[], ARRAY[7]::bigint[])",
                "SELECT $.bury(ARRAY[1], ARRAY[3]::bigint[], ARRAY[7]::bigint[], ARRAY['hopeless'])",
                "SELECT $.give_back(ARRAY[1], ARRAY[6]::bigint[], ARRAY[7]::bigint[], ARRAY[0]::bigint[], ARRAY[true])");
        assertThat(number("SELECT count(*) FROM $.ready")).isPositive();
    }

    @Test
    void whatWaitedIsDeliveredOnceAndInTheOrderOfItsKey() {
        Queue queue = open();
        GroupStats before = Await.result(queue.group(GROUP).stats());
        assertThat(before.ready() + before.inFlight()).isEqualTo(28);
        publishNew(queue);
        execute("UPDATE $.held SET due = now() WHERE token IS NOT NULL"); // who had them is gone
        CollectingSubscriber member = CollectingSubscriber.to(queue.consume(GROUP), Delivery::ack);
        List<Message> delivered =
                member.request(100).next(38).stream().map(Delivery::message).toList();
        assertThat(delivered)
                .extracting(Message::id)
                .doesNotHaveDuplicates()
                .doesNotContain("old-1", "old-3")
                .hasSize(38);
        for (String key : List.of("T/1", "T/2")) {
            assertThat(delivered)
                    .filteredOn(message -> key.equals(message.orderingKey()))
                    .extracting(message -> number(message))
                    .isSorted();
        }
        Await.until(
                "nothing is left",
                () -> number("SELECT (SELECT count(*) FROM $.message) + (SELECT count(*) FROM $.ready)"
                                + " + (SELECT count(*) FROM $.held)")
                        == 0);
    }

    @Test
    void whatWasKnownIsKnownAndWhatWasDeadCanBeReplayed() {
        Queue queue = open();
        Await.result(queue.publish(
                new Message("old-1", "event.x", null, java.time.Instant.now(), Map.of(), Payload.of(Map.of("n", 1)))));
        assertThat(number("SELECT count(*) FROM $.message WHERE id = 'old-1'")).isZero();
        assertThat(Await.result(queue.group(GROUP).deadLetters().replayAll())).isEqualTo(1);
        CollectingSubscriber member = CollectingSubscriber.to(queue.consume(GROUP), Delivery::ack);
        member.request(100);
        Await.until(
                "it is delivered",
                () -> member.received().stream()
                        .anyMatch(delivery -> delivery.message().id().equals("old-3")));
    }

    @Test
    void processesThatBeganWithTheOldVersionGoOn() {
        Queue queue = open();
        execute(
                String.format(WAITING, 31, 40),
                "SELECT $.lend('" + GROUP + "', 100, 8, 3600000)",
                "SELECT $.ack(ARRAY[1], ARRAY(SELECT seq FROM $.held WHERE token = 8 ORDER BY seq LIMIT 1),"
                        + " ARRAY[8]::bigint[])");
        GroupStats stats = Await.result(queue.group(GROUP).stats());
        assertThat(stats.ready() + stats.inFlight()).isEqualTo(37);
    }

    @Test
    void processesThatStartTogetherDoItOnceAndTheRightsRemain() {
        String schema = settings.get("POSTGRES_SCHEMA");
        execute(
                "CREATE ROLE worker_" + schema + " LOGIN PASSWORD 'worker'",
                "GRANT USAGE ON SCHEMA " + schema + " TO worker_" + schema,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO worker_" + schema,
                "GRANT USAGE ON ALL SEQUENCES IN SCHEMA " + schema + " TO worker_" + schema);
        List<CompletableFuture<Queue>> starting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            starting.add(CompletableFuture.supplyAsync(this::open));
        }
        assertThat(starting.stream().map(CompletableFuture::join))
                .allSatisfy(queue -> assertThat(Await.result(queue.groups())).containsExactly(GROUP));
        assertThat(number("SELECT version FROM $.slackline")).isEqualTo(Schema.VERSION);
        Queue worker = open(Map.of("POSTGRES_USER", "worker_" + schema, "POSTGRES_PASSWORD", "worker"));
        publishNew(worker);
        CollectingSubscriber member = CollectingSubscriber.to(worker.consume(GROUP), Delivery::ack);
        assertThat(member.request(20).next(20)).hasSize(20);
    }

    private static void publishNew(Queue queue) {
        List<CompletableFuture<Message>> publishes = IntStream.rangeClosed(31, 40)
                .mapToObj(n -> queue.publish(
                        Message.of("event.x", Payload.of(Map.of("n", n))).withOrderingKey(n % 2 == 0 ? "T/1" : null)))
                .toList();
        publishes.forEach(Await::result);
    }

    private static int number(Message message) {
        return Integer.parseInt(String.valueOf(message.payload().asMap().get("n")));
    }

    private String versionOneScript() throws IOException {
        try (InputStream script = MigrationIT.class.getResourceAsStream("schema-1.sql")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${schema}", Objects.requireNonNull(settings.get("POSTGRES_SCHEMA")));
        }
    }
}
