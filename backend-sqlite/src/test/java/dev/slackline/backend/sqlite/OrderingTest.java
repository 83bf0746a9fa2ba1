package dev.slackline.backend.sqlite;

import static dev.slackline.backend.sqlite.Sqlite.await;
import static dev.slackline.backend.sqlite.Sqlite.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderingTest {

    private static final Duration A_MOMENT = Duration.ofMillis(150);

    private final MovableClock clock = new MovableClock();
    private QueueBackend backend;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        backend = Sqlite.open(folder.resolve("q.db"), clock);
        await(backend.group("bots").declare());
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void oneOfAKeyIsInFlightAtATimeAndOtherKeysPass() throws Exception {
        List<String> ids = publish("a", "a", "b", "a");
        Probe probe = Probe.on(backend, "bots", 10);
        Delivery first = probe.next();
        assertThat(List.of(first.message().id(), probe.next().message().id())).containsExactly(ids.get(0), ids.get(2));
        assertThat(probe.within(A_MOMENT)).isNull();
        assertThat(await(backend.group("bots").stats()).ready()).isEqualTo(2);
        await(first.ack());
        Delivery second = probe.next();
        assertThat(second.message().id()).isEqualTo(ids.get(1));
        await(second.ack());
        assertThat(probe.next().message().id()).isEqualTo(ids.get(3));
    }

    @Test
    void retriedMessageKeepsItsPlaceBeforeTheRestOfItsKey() throws Exception {
        List<String> ids = publish("a", "a", "b");
        Probe probe = Probe.on(backend, "bots", 10);
        await(probe.next().retry(Duration.ofSeconds(5), "busy"));
        assertThat(probe.next().message().id()).isEqualTo(ids.get(2));
        assertThat(probe.within(A_MOMENT)).isNull();
        clock.move(Duration.ofSeconds(5));
        Delivery again = probe.next();
        assertThat(again.message().id()).isEqualTo(ids.get(0));
        await(again.deadLetter("no"));
        assertThat(probe.next().message().id()).isEqualTo(ids.get(1));
    }

    @Test
    void longBacklogOfOneKeyHidesNoOther() throws Exception {
        for (int i = 0; i < 2_500; i++) {
            backend.publish(message(i).withOrderingKey("hot"));
        }
        Message cool = message(0).withOrderingKey("cool");
        await(backend.publish(cool));
        Probe probe = Probe.on(backend, "bots", 2);
        probe.next();
        assertThat(probe.next().message().id()).isEqualTo(cool.id());
        assertThat(await(backend.group("bots").stats()).ready()).isEqualTo(2_499);
    }

    @Test
    void orderHoldsOverSeveralMembersAndBackends() throws Exception {
        List<String> ids = publish("a", "a", "a", "a", "a", "a");
        List<Probe> probes = List.of(Probe.on(backend, "bots", 10), Probe.on(backend, "bots", 10));
        List<String> seen = new ArrayList<>();
        while (seen.size() < ids.size()) {
            for (Probe probe : probes) {
                Delivery delivery = probe.within(Duration.ofMillis(20));
                if (delivery != null) {
                    seen.add(delivery.message().id());
                    await(delivery.ack());
                }
            }
        }
        assertThat(seen).isEqualTo(ids);
    }

    private List<String> publish(String... orderingKeys) throws Exception {
        List<String> ids = new ArrayList<>();
        for (String key : orderingKeys) {
            Message message = message(ids.size()).withOrderingKey(key);
            await(backend.publish(message));
            ids.add(message.id());
        }
        return ids;
    }
}
