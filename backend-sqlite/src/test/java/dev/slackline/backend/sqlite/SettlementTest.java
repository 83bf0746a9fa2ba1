package dev.slackline.backend.sqlite;

import static dev.slackline.backend.sqlite.Sqlite.await;
import static dev.slackline.backend.sqlite.Sqlite.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.Settlement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettlementTest {

    private static final Duration A_MOMENT = Duration.ofMillis(150);

    private final MovableClock clock = new MovableClock();
    private QueueBackend backend;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        backend = Sqlite.open(folder.resolve("q.db"), clock, "QUEUE_LEASE=60s");
        await(backend.group("bots").declare());
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void firstSettlementWins() throws Exception {
        await(backend.publish(message(1)));
        Delivery delivery = Probe.on(backend, "bots", 1).next();
        assertThat(await(delivery.ack())).isEqualTo(Settlement.SETTLED);
        assertThat(await(delivery.retry(Duration.ZERO, "too late"))).isEqualTo(Settlement.ALREADY_SETTLED);
        assertThat(await(delivery.renew())).isFalse();
        assertThat(stats().waiting()).isZero();
    }

    @Test
    void settlementAfterTheLeasePassedOnIsStaleAndChangesNothing() throws Exception {
        await(backend.publish(message(1)));
        Delivery lost = Probe.on(backend, "bots", 1).next();
        Probe other = Probe.on(backend, "bots", 1);
        clock.move(Duration.ofSeconds(61));
        Delivery again = other.next();
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(await(lost.renew())).isFalse();
        assertThat(await(lost.ack())).isEqualTo(Settlement.STALE);
        assertThat(stats().inFlight()).isEqualTo(1);
        assertThat(await(again.ack())).isEqualTo(Settlement.SETTLED);
    }

    @Test
    void renewedLeaseDoesNotExpire() throws Exception {
        await(backend.publish(message(1)));
        Delivery held = Probe.on(backend, "bots", 1).next();
        Probe other = Probe.on(backend, "bots", 1);
        clock.move(Duration.ofSeconds(50));
        assertThat(await(held.renew())).isTrue();
        clock.move(Duration.ofSeconds(50));
        assertThat(other.within(A_MOMENT)).isNull();
        assertThat(await(held.ack())).isEqualTo(Settlement.SETTLED);
    }

    @Test
    void retryComesBackAfterItsDelayWithTheNextAttempt() throws Exception {
        await(backend.publish(message(1)));
        Probe probe = Probe.on(backend, "bots", 2);
        Delivery first = probe.next();
        assertThat(await(first.retry(Duration.ofSeconds(10), "busy"))).isEqualTo(Settlement.SETTLED);
        assertThat(stats().delayed()).isEqualTo(1);
        clock.move(Duration.ofMillis(9_999));
        assertThat(probe.within(A_MOMENT)).isNull();
        clock.move(Duration.ofMillis(1));
        Delivery second = probe.next();
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.message()).isEqualTo(first.message());
    }

    @Test
    void releaseBurnsNoAttempt() throws Exception {
        await(backend.publish(message(1)));
        Probe probe = Probe.on(backend, "bots", 2);
        await(probe.next().release());
        assertThat(probe.next().attempt()).isEqualTo(1);
    }

    @Test
    void deadLetterIsKeptReplayedOnceForItsGroupAndRemembersItsDeaths() throws Exception {
        await(backend.group("other").declare());
        Message message = message(1).withOrderingKey("T/C");
        await(backend.publish(message));
        await(Probe.on(backend, "other", 1).next().ack());
        Probe other = Probe.on(backend, "other", 1);
        Probe probe = Probe.on(backend, "bots", 3);
        await(probe.next().deadLetter("broken"));
        DeadLetters dead = backend.group("bots").deadLetters();
        DeadLetter letter = await(dead.show(message.id())).orElseThrow();
        assertThat(letter.message()).isEqualTo(message);
        assertThat(letter.last()).isEqualTo(new DeadLetter.Death(clock.instant(), 1, "broken"));
        assertThat(stats().dead()).isEqualTo(1);

        assertThat(await(dead.replay(List.of(message.id(), "unknown")))).isEqualTo(1);
        assertThat(await(dead.replay(List.of(message.id())))).isZero();
        Delivery replayed = probe.next();
        assertThat(replayed.message()).isEqualTo(message);
        assertThat(replayed.attempt()).isEqualTo(1);
        clock.move(Duration.ofSeconds(1));
        await(replayed.deadLetter("still broken"));
        assertThat(await(dead.show(message.id())).orElseThrow().deaths())
                .extracting(DeadLetter.Death::reason)
                .containsExactly("broken", "still broken");
        assertThat(other.within(A_MOMENT)).isNull();
    }

    @Test
    void deadLettersAreListedInPagesAndDropped() throws Exception {
        for (int i = 0; i < 450; i++) {
            backend.publish(message(i));
        }
        Probe probe = Probe.on(backend, "bots", 450);
        List<Delivery> deliveries = probe.next(450);
        for (Delivery delivery : deliveries) {
            await(delivery.deadLetter("no"));
        }
        DeadLetters dead = backend.group("bots").deadLetters();
        List<DeadLetter> first = await(dead.list(null, 100));
        List<DeadLetter> second = await(dead.list(first.get(99).message().id(), 1_000));
        assertThat(first).hasSize(100);
        assertThat(second).hasSize(350);
        assertThat(await(dead.list(second.get(349).message().id(), 10))).isEmpty();
        assertThat(await(dead.drop(List.of(first.get(0).message().id())))).isEqualTo(1);
        assertThat(await(dead.replayAll())).isEqualTo(449);
        probe.request(449);
        for (Delivery delivery : probe.next(449)) {
            await(delivery.deadLetter("no"));
        }
        assertThat(await(dead.dropAll())).isEqualTo(449);
        assertThat(stats().dead()).isZero();
    }

    private GroupStats stats() throws Exception {
        return await(backend.group("bots").stats());
    }
}
