package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Settlement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What is left when a process that works on the topic is killed in the middle of it: {@code kill -9}, not a close. */
abstract class CrashCases {

    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final Duration BEYOND_THE_LEASE = Duration.ofMinutes(2);

    @Case(12)
    void aCompletedPublishSurvivesTheKillOfThePublisher(Trial trial) {
        requireProcesses(trial);
        trial.group();
        for (int round = 0; round < 3; round++) {
            long before = trial.ledger().confirmed().size();
            try (ChildJvm publisher = start(trial, List.of(), "publish")) {
                int enough = 100 + trial.random().nextInt(400);
                Await.until(() -> enough + " are confirmed", A_MINUTE, () -> publisher.count("CONFIRMED ") >= enough);
                publisher.kill9();
                assertThat(trial.ledger().confirmed().size() - before).isGreaterThanOrEqualTo(enough);
            }
        }
        Set<String> missing = new TreeSet<>(trial.ledger().confirmed());
        trial.note(missing.size() + " confirmed by 3 killed publishers");
        CollectingSubscriber member =
                trial.join(trial.queue(), trial.group(), Delivery::ack).request(Long.MAX_VALUE);
        Await.until(() -> "every confirmed message comes; missing " + missing.size(), A_MINUTE, () -> {
            missing.removeAll(PublishCases.ids(member.received()));
            return missing.isEmpty();
        });
    }

    @Case({70, 55})
    void whatAKilledConsumerHeldComesAgain(Trial trial) {
        requireProcesses(trial);
        trial.set(QueueSettings.LEASE, "2s");
        List<Message> sent = trial.publish(5, null);
        try (ChildJvm consumer = start(trial, List.of(), "hold", trial.group(), "5")) {
            Await.until("the other process holds 5", () -> consumer.count("DELIVERED ") == 5);
            consumer.kill9();
        }
        Stopwatch sinceKilled = Stopwatch.start();
        expectRepeats(trial, 5);
        CollectingSubscriber member =
                trial.join(trial.queue(), trial.group(), Delivery::ack).request(5);
        List<Delivery> again = member.next(5);
        assertThat(sinceKilled.elapsed())
                .as("time until what a killed consumer held came again")
                .isLessThan(Duration.ofSeconds(5));
        sinceKilled.close();
        assertThat(again).extracting(Delivery::message).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(again)
                .as("attempts after a crash")
                .extracting(Delivery::attempt)
                .containsOnly(trial.has(Feature.COUNTS_CRASHES) ? 2 : 1);
    }

    @Case(48)
    void acksOutOfOrderBeforeACrashSettleWhatTheyName(Trial trial) {
        requireProcesses(trial);
        List<Message> sent = trial.publish(3, null);
        Set<String> acked = new TreeSet<>();
        try (ChildJvm consumer = start(trial, List.of(), "hold", trial.group(), "3", "1", "3")) {
            Await.until("two are acked", () -> consumer.count("ACKED ") == 2);
            consumer.kill9();
            sent.forEach(message -> {
                if (consumer.count("ACKED " + message.id()) == 1) {
                    acked.add(message.id());
                }
            });
        }
        trial.clock().advance(BEYOND_THE_LEASE);
        expectRepeats(trial, 1);
        Message marker = trial.publish();
        CollectingSubscriber member =
                trial.join(trial.queue(), trial.group(), Delivery::ack).request(3);
        Set<String> expected = new TreeSet<>(List.of(marker.id()));
        sent.stream().map(Message::id).filter(id -> !acked.contains(id)).forEach(expected::add);
        assertThat(PublishCases.ids(member.next(2)))
                .as("the one that was not acked, and the next")
                .isEqualTo(expected);
    }

    @Case(45)
    void aCrashAroundADeadLetterLosesNothing(Trial trial) {
        requireProcesses(trial);
        List<Message> sent = trial.publish(Scale.of(2_500, 20_000), null);
        Set<String> confirmed = new HashSet<>();
        try (ChildJvm undertaker = start(trial, List.of(), "bury", trial.group())) {
            int enough = 50 + trial.random().nextInt(500);
            Await.until(() -> enough + " are dead", A_MINUTE, () -> undertaker.count("DEAD ") >= enough);
            undertaker.kill9();
            sent.stream()
                    .map(Message::id)
                    .filter(id -> undertaker.count("DEAD " + id) > 0)
                    .forEach(confirmed::add);
        }
        trial.clock().advance(BEYOND_THE_LEASE);
        List<String> dead = DeadLetterCases.dead(trial, trial.group()).stream()
                .map(DeadLetter::message)
                .map(Message::id)
                .toList();
        assertThat(dead).as("dead letters").containsAll(confirmed).doesNotHaveDuplicates();
        expectRepeats(trial, sent.size());
        trial.note(dead.size() + " of " + sent.size() + " were dead letters when the process was killed");
        Set<String> alive = new TreeSet<>();
        sent.stream().map(Message::id).filter(id -> !dead.contains(id)).forEach(alive::add);
        CollectingSubscriber member =
                trial.join(trial.queue(), trial.group(), Delivery::ack).request(Long.MAX_VALUE);
        Await.until(
                () -> "what was not dead comes: " + alive.size(),
                A_MINUTE,
                () -> PublishCases.ids(member.received()).containsAll(alive));
        // where burying is no transaction, those that were in between come once more; those confirmed never do
        assertThat(PublishCases.ids(member.received()))
                .as("what lives after it died")
                .doesNotContainAnyElementsOf(trial.has(Feature.FENCED) ? dead : confirmed);
    }

    @Case(71)
    void aConsumerInAnotherTimeZoneStealsNoLease(Trial trial) {
        requireProcesses(trial);
        trial.publish(3, null);
        CollectingSubscriber here = trial.join(trial.group()).request(3);
        List<Delivery> held = here.next(3);
        try (ChildJvm east = start(trial, List.of("-Duser.timezone=Pacific/Kiritimati"), "hold", trial.group(), "9");
                ChildJvm west = start(trial, List.of("-Duser.timezone=Pacific/Niue"), "hold", trial.group(), "9")) {
            Await.holds(
                    "what is held here stays here",
                    Duration.ofMillis(500),
                    () -> east.count("DELIVERED ") + west.count("DELIVERED ") == 0);
            held.forEach(delivery -> assertThat(Await.result(delivery.ack())).isEqualTo(Settlement.SETTLED));
            expectRepeats(trial, 1); // the one that they hold when they are killed
            trial.publish();
            Await.until("they do consume", () -> east.count("DELIVERED ") + west.count("DELIVERED ") == 1);
            east.kill9();
            west.kill9();
        }
    }

    private static void requireProcesses(Trial trial) {
        trial.requires(Feature.DURABLE);
        trial.requires(Feature.MULTI_PROCESS);
    }

    private static void expectRepeats(Trial trial, int bound) {
        if (!trial.has(Feature.COUNTS_CRASHES)) {
            trial.ledger().allowDuplicates(bound);
        }
    }

    private static ChildJvm start(Trial trial, List<String> options, String... work) {
        return ChildJvm.start(trial, options, List.of(work));
    }
}
