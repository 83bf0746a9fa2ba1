package dev.slackline.backend.sqlite;

import static dev.slackline.backend.sqlite.Sqlite.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.Settlement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one file, and processes that are killed. */
class ProcessesIT {

    @TempDir
    Path folder;

    @Test
    void confirmedMessagesSurviveKillNine() throws Exception {
        Path file = folder.resolve("q.db");
        Set<String> confirmed = new HashSet<>();
        for (int round = 0; round < 5; round++) {
            try (Child child = Child.start("flood", file.toString())) {
                for (int i = 0; i < 300 * (round + 1); i++) {
                    confirmed.add(child.line());
                }
                child.kill();
                child.rest().stream().filter(line -> line.length() == 36).forEach(confirmed::add);
            }
        }
        try (QueueBackend backend = Sqlite.open(file)) {
            long stored = await(backend.group("default").stats()).ready();
            assertThat(stored).isGreaterThanOrEqualTo(confirmed.size());
            Set<String> delivered = new HashSet<>();
            Probe probe = Probe.on(backend, "default", stored);
            probe.next((int) stored)
                    .forEach(delivery -> delivered.add(delivery.message().id()));
            assertThat(delivered).hasSize((int) stored).containsAll(confirmed);
        }
    }

    @Test
    void deliveryOfAKilledConsumerComesBackAsTheSecondAttempt() throws Exception {
        Path file = folder.resolve("q.db");
        try (QueueBackend backend = Sqlite.open(file, "QUEUE_LEASE=2s")) {
            await(backend.group("default").declare());
            Message message = Sqlite.message(1).withOrderingKey("T/C");
            await(backend.publish(message));
            try (Child child = Child.start("hold", file.toString(), "QUEUE_LEASE=2s")) {
                assertThat(child.line()).isEqualTo(message.id() + " 1");
                child.kill();
            }
            Probe probe = Probe.on(backend, "default", 1);
            Delivery again = probe.next();
            assertThat(again.message()).isEqualTo(message);
            assertThat(again.attempt()).isEqualTo(2);
            assertThat(await(again.ack())).isEqualTo(Settlement.SETTLED);
        }
    }

    @Test
    void messageOfAnotherProcessArrivesWithinFiftyMilliseconds() throws Exception {
        Path file = folder.resolve("q.db");
        try (Child child = Child.start("tick", file.toString());
                QueueBackend backend = Sqlite.open(file)) {
            assertThat(child.line()).isEqualTo("ready");
            Probe probe = Probe.on(backend, "default", 1_000);
            List<Double> millis = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Delivery delivery = probe.next();
                long at = Long.parseLong(
                        String.valueOf(delivery.message().payload().asMap().get("at")));
                millis.add((System.nanoTime() - at) / 1e6);
                delivery.ack();
            }
            Collections.sort(millis);
            assertThat(millis.get(30)).as("median of %s", millis).isLessThan(50);
        }
    }

    @Test
    void twoProcessesShareTheMessagesEachHandledOnce() throws Exception {
        Path file = folder.resolve("q.db");
        int count = 20_000;
        try (QueueBackend backend = Sqlite.open(file)) {
            await(backend.group("default").declare());
            try (Child one = Child.start("share", file.toString());
                    Child two = Child.start("share", file.toString())) {
                assertThat(one.line()).isEqualTo("ready");
                assertThat(two.line()).isEqualTo("ready");
                for (int i = 1; i < count; i++) {
                    backend.publish(Sqlite.message(i));
                }
                await(backend.publish(Sqlite.message(0)));
                Eventually.within(
                        Duration.ofSeconds(60),
                        () -> await(backend.group("default").stats()).waiting() == 0);
                assertThat(await(backend.group("default").stats()).consumers()).isEqualTo(2);
                await(backend.publish(Message.of("stop", Payload.of(Map.of()))));
                await(backend.publish(Message.of("stop", Payload.of(Map.of()))));
                List<String> handled = new ArrayList<>(one.rest());
                int byOne = handled.size();
                handled.addAll(two.rest());
                assertThat(handled).hasSize(count).allMatch(line -> line.endsWith(" SETTLED"));
                assertThat(new HashSet<>(handled)).hasSize(count);
                assertThat(byOne).isBetween(count / 10, count * 9 / 10);
            }
        }
    }

    @Test
    void processesThatCreateTheFileTogetherAllSucceed() throws Exception {
        Path file = folder.resolve("new/q.db");
        List<Child> children = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            children.add(Child.start("declare", file.toString()));
        }
        for (Child child : children) {
            assertThat(child.line()).isEqualTo("declared");
        }
    }

    @Test
    void fullDiskFailsThePublishAndLosesNothing() throws Exception {
        Path file = folder.resolve("q.db");
        try (Child child = Child.start(
                List.of("bash", "-c", "trap '' XFSZ; ulimit -f 3000; exec \"$@\"", "-"), "fill", file.toString())) {
            String[] result = child.line().split(" ", 3);
            assertThat(result[1]).isEqualTo("DOWN");
            assertThat(result[2]).contains("PublishException", "disk");
            int stored = Integer.parseInt(result[0]);
            child.kill();
            try (QueueBackend backend = Sqlite.open(file)) {
                assertThat(stored).isPositive();
                assertThat(await(backend.group("default").stats()).ready()).isEqualTo(stored);
                for (Delivery delivery : Probe.on(backend, "default", stored).next(stored)) {
                    assertThat(delivery.message().payload().problem()).isEmpty();
                    await(delivery.ack());
                }
            }
        }
    }
}
