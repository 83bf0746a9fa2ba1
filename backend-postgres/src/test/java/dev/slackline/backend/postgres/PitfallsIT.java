package dev.slackline.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.Settlement;
import dev.slackline.queue.Worker;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.Stopwatch;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where others lost messages or speed on PostgreSQL, and what only this backend does. */
class PitfallsIT extends OnServer {

    @Test
    void noTransactionIsOpenWhileAHandlerRuns() throws InterruptedException {
        Queue queue = openWithGroup();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Worker worker = Worker.start(queue, GROUP, 1, delivery -> {
            running.countDown();
            assertThat(leave.await(30, TimeUnit.SECONDS)).isTrue();
        });
        try (worker) {
            Await.result(queue.publish("event.x", Map.of("a", 1)));
            assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
            Await.until(
                    "no session holds back the vacuum, or locks anything",
                    () -> number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'slackline'"
                                    + " AND (backend_xmin IS NOT NULL OR state LIKE 'idle in transaction%')")
                            == 0);
            leave.countDown();
        }
    }

    @Test
    void aSessionInAnotherTimeZoneStealsNoLease() {
        Queue here = openWithGroup();
        Message sent = Await.result(here.publish("event.x", Map.of("a", 1)));
        Delivery held = consume(here).requestNext();
        execute("CREATE ROLE newyorker LOGIN SUPERUSER PASSWORD 'newyorker'");
        execute("ALTER ROLE newyorker SET timezone = 'America/New_York'");
        Queue there = open(Map.of("POSTGRES_USER", "newyorker", "POSTGRES_PASSWORD", "newyorker"));
        CollectingSubscriber other = consume(there).request(1);
        Await.holds("what is held stays with its holder", Duration.ofMillis(1500), () -> other.count() == 0);
        assertThat(Await.result(held.ack())).isEqualTo(Settlement.SETTLED);
        assertThat(sent).isEqualTo(held.message());
    }

    @Test
    void whatIsLeftWhenAProcessEndsInABatchIsOnlyWhatItSettled() {
        Queue queue = openWithGroup();
        List<Message> sent = publish(queue, 100, null);
        Queue leaving = open(Map.of("QUEUE_LEASE", "5s"));
        List<Delivery> batch = consume(leaving).request(100).next(100);
        assertThat(Await.result(batch.get(50).ack())).isEqualTo(Settlement.SETTLED);
        leaving.close();
        List<Message> rest = new ArrayList<>(sent);
        rest.remove(batch.get(50).message());
        CollectingSubscriber next = CollectingSubscriber.to(queue.consume(GROUP), Delivery::ack);
        assertThat(next.request(100).next(99)).extracting(Delivery::message).containsExactlyInAnyOrderElementsOf(rest);
    }

    @Test
    void aListenerThatIsCutOffOnlyCostsTime() {
        Queue queue = openWithGroup();
        Queue publisher = open();
        CollectingSubscriber member = CollectingSubscriber.to(queue.consume(GROUP), Delivery::ack);
        member.request(1000);
        Await.until("somebody listens", () -> listeners() > 0);
        for (int i = 1; i <= 5; i++) {
            execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
            Await.result(publisher.publish("event.x", Map.of("n", i)));
            int expected = i;
            Await.until("it comes all the same", () -> member.count() == expected);
        }
        Await.until("somebody listens again", () -> listeners() > 0);
    }

    private long listeners() {
        return number("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
    }

    /** Whoever blocks a message behind one that is just being settled must not leave it there for ever. */
    @Test
    void underManyHandsEveryKeyGoesOnInItsOrder() {
        Queue first = openWithGroup();
        List<Queue> queues = List.of(first, open(), open());
        int keys = 12;
        int each = 150;
        Map<String, List<Integer>> handled = new ConcurrentHashMap<>();
        Set<String> inFlight = ConcurrentHashMap.newKeySet();
        List<String> overlaps = new ArrayList<>();
        List<CollectingSubscriber> members = new ArrayList<>();
        for (Queue queue : queues) {
            for (int i = 0; i < 2; i++) {
                Random random = new Random(members.size());
                CollectingSubscriber member = CollectingSubscriber.to(queue.consume(GROUP), delivery -> {
                    String key = String.valueOf(delivery.message().orderingKey());
                    if (!inFlight.add(key)) {
                        synchronized (overlaps) {
                            overlaps.add(key);
                        }
                    }
                    boolean again = random.nextInt(8) == 0;
                    if (!again) {
                        int n = Integer.parseInt(String.valueOf(
                                delivery.message().payload().asMap().get("n")));
                        handled.computeIfAbsent(key, k -> Collections.synchronizedList(new ArrayList<>()))
                                .add(n);
                    }
                    inFlight.remove(key);
                    if (again) {
                        delivery.release();
                    } else {
                        delivery.ack();
                    }
                });
                members.add(member.request(Long.MAX_VALUE));
            }
        }
        for (int n = 0; n < each; n++) {
            for (int key = 0; key < keys; key++) {
                queues.get(key % queues.size())
                        .publish(Message.of("event.x", Payload.of(Map.of("n", n)))
                                .withOrderingKey("T/" + key));
            }
        }
        Await.until(
                () -> "everything is handled; "
                        + handled.values().stream().mapToInt(List::size).sum(),
                Duration.ofSeconds(60),
                () -> handled.values().stream().mapToInt(List::size).sum() == keys * each);
        assertThat(overlaps).as("keys of which two were in flight").isEmpty();
        handled.forEach((key, numbers) -> assertThat(numbers).as(key).isSorted().hasSize(each));
        Await.until("nothing is left", () -> number("SELECT count(*) FROM $.held") == 0);
        assertThat(number("SELECT count(*) FROM $.message")).isZero();
    }

    /** A message that comes while the one before it is settled: somebody has to see that nothing is before it any more. */
    @Test
    void aKeyGoesOnWhenItsNextMessageComesWhileItsLastIsSettled() {
        Queue queue = openWithGroup();
        CollectingSubscriber one = CollectingSubscriber.to(queue.consume(GROUP), Delivery::ack);
        CollectingSubscriber two = CollectingSubscriber.to(open().consume(GROUP), Delivery::ack);
        one.request(Long.MAX_VALUE);
        two.request(Long.MAX_VALUE);
        int each = 300;
        for (int n = 0; n < each; n++) {
            for (String key : List.of("T/A", "T/B")) {
                Await.result(queue.publish(
                        Message.of("event.x", Payload.of(Map.of("n", n))).withOrderingKey(key)));
            }
        }
        Await.until(
                () -> "everything is handled; " + (one.count() + two.count()),
                Await.bound(),
                () -> one.count() + two.count() == 2 * each);
    }

    /** Each of the two could take the other's for the one that still needs the message. */
    @Test
    void whatTwoGroupsSettleAtTheSameTimeIsRemoved() {
        Queue queue = openWithGroup();
        Queue colleague = open();
        Await.result(queue.group("others").declare());
        CollectingSubscriber one = CollectingSubscriber.to(queue.consume(GROUP), Delivery::ack);
        CollectingSubscriber two = CollectingSubscriber.to(colleague.consume("others"), Delivery::ack);
        one.request(Long.MAX_VALUE);
        two.request(Long.MAX_VALUE);
        publish(queue, 2000, null);
        Await.until("both have all", () -> one.count() == 2000 && two.count() == 2000);
        Await.until("nothing is held", () -> number("SELECT count(*) FROM $.held") == 0);
        assertThat(number("SELECT count(*) FROM $.message")).isZero();
    }

    @Test
    void whatADroppedGroupLeavesIsRemoved() {
        Queue queue = openWithGroup();
        publish(queue, 300, "T/C");
        CollectingSubscriber member = consume(queue).request(3);
        Await.result(member.next().deadLetter("hopeless"));
        Await.result(queue.group("kept").declare());
        Await.result(queue.publish("event.x", Map.of("kept", true)));
        Await.result(queue.group(GROUP).drop());
        Await.until(
                "only what the other group needs is left",
                () -> number("SELECT (SELECT count(*) FROM $.message) + (SELECT count(*) FROM $.ready)"
                                + " + (SELECT count(*) FROM $.held) + (SELECT count(*) FROM $.dead)")
                        == 2);
    }

    @Test
    void idsAreForgottenWhenTheirWindowIsOver() {
        publish(openWithGroup(), 50, null);
        assertThat(number("SELECT count(*) FROM $.seen")).isEqualTo(50);
        open(Map.of("QUEUE_DEDUP_WINDOW", "1s"));
        Await.until(
                () -> "nothing is remembered",
                Duration.ofSeconds(30),
                () -> number("SELECT count(*) FROM $.seen") == 0);
    }

    @Test
    void theTablesAreVacuumedLongBeforeAFifthOfThemIsDead() {
        open();
        assertThat(number("SELECT count(*) FROM pg_class WHERE relnamespace = '"
                        + settings.get("POSTGRES_SCHEMA")
                        + "'::regnamespace AND relname IN ('message', 'seen', 'ready',"
                        + " 'held') AND 'autovacuum_vacuum_scale_factor=0.02' = ANY (reloptions)"))
                .isEqualTo(4);
    }

    /** Plans that scan a table would be made while it is empty, and kept. */
    @Test
    void aLongBacklogMakesLendingNoSlower() throws SQLException {
        Queue queue = openWithGroup();
        execute(
                "INSERT INTO $.message (published_at, id, key, payload) SELECT 0, 'm' || n, 'event.x', '{}'"
                        + " FROM generate_series(1, 200000) n",
                "INSERT INTO $.ready (group_id, next, last, keyed) SELECT g.id, m.seq, m.seq, false"
                        + " FROM $.message m, $.consumer_group g");
        CollectingSubscriber member = CollectingSubscriber.to(queue.consume(GROUP), Delivery::ack);
        member.request(1000).next(1000);
        try (Stopwatch stopwatch = Stopwatch.start()) {
            member.request(2000).next(2000);
            assertThat(stopwatch.elapsed()).isLessThan(Duration.ofSeconds(2));
        }
        try (Connection connection = Server.connect(settings);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE relname IN ('held', 'message')"
                                + " AND schemaname = '" + settings.get("POSTGRES_SCHEMA")
                                + "' AND seq_tup_read > 1000000")) {
            row.next();
            assertThat(row.getLong(1)).as("whole scans of a long table").isLessThan(3);
        }
    }

    private static List<Message> publish(Queue queue, int count, @Nullable String orderingKey) {
        List<CompletableFuture<Message>> publishes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            publishes.add(queue.publish(
                    Message.of("event.x", Payload.of(Map.of("n", i))).withOrderingKey(orderingKey)));
        }
        return publishes.stream().map(Await::result).toList();
    }
}
