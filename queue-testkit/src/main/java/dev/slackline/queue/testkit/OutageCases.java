package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Status;
import dev.slackline.queue.testkit.broker.BrokerControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** What is kept when the broker goes away: stopped, killed or paused, and started again on the data it had. */
abstract class OutageCases {

    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    @Case(12)
    void aCompletedPublishSurvivesTheKillOfTheBroker(Trial trial) {
        BrokerControl broker = trial.broker().control();
        trial.set(QueueSettings.PUBLISH_TIMEOUT, "2s");
        trial.group();
        List<CompletableFuture<Message>> publishes = new ArrayList<>();
        int enough = 200 + trial.random().nextInt(400);
        for (int i = 0; i < 20 * enough; i++) { // so that it dies in the middle of it
            publishes.add(trial.queue().publish(trial.newMessage()));
        }
        Await.until(
                () -> enough + " are confirmed",
                Await.bound(),
                () -> trial.ledger().confirmed().size() >= enough);
        broker.kill9();
        int confirmed = trial.ledger().confirmed().size();
        broker.start();
        publishes.forEach(publish -> Await.until("every publish ends", publish::isDone));
        trial.note(confirmed + " of " + publishes.size() + " were confirmed when the broker was killed");
        readAllConfirmed(trial, publishes.size());
    }

    @Case(13)
    void whileTheBrokerIsDownNothingIsConfirmed(Trial trial) {
        BrokerControl broker = trial.broker().control();
        trial.set(QueueSettings.PUBLISH_TIMEOUT, PUBLISH_TIMEOUT.toMillis() + "ms");
        trial.publish(10, null);
        broker.stop();
        failInTime(trial, "while the broker is down");
        Await.until("it says that it is down", () -> state(trial.queue()) == Status.State.DOWN);
        CompletableFuture<Message> patient = trial.queue().publish(trial.newMessage(), Duration.ofMinutes(1));
        broker.start();
        CompletableFuture<Message> next = trial.queue().publish(trial.newMessage(), Duration.ofMinutes(1));
        Await.until("a publish with time left ends", patient::isDone);
        Await.result(next);
        readAllConfirmed(trial, 100);
    }

    @Case(13)
    void whileTheBrokerIsPausedNothingIsConfirmed(Trial trial) {
        BrokerControl broker = trial.broker().control();
        trial.set(QueueSettings.PUBLISH_TIMEOUT, PUBLISH_TIMEOUT.toMillis() + "ms");
        trial.publish(10, null);
        broker.pause();
        try {
            failInTime(trial, "while the broker is paused");
        } finally {
            broker.unpause();
        }
        Await.result(trial.queue().publish(trial.newMessage(), Duration.ofMinutes(1)));
        readAllConfirmed(trial, 100);
    }

    @Case(65)
    void aBrokerThatIsDownAtStartIsWaitedFor(Trial trial) {
        BrokerControl broker = trial.broker().control();
        trial.set(QueueSettings.PUBLISH_TIMEOUT, PUBLISH_TIMEOUT.toMillis() + "ms");
        broker.stop();
        Queue queue = trial.queue();
        Await.until("it says that it is down", () -> state(queue) == Status.State.DOWN);
        String group = "started-without-a-broker";
        CollectingSubscriber member = trial.join(queue, group, Delivery::ack).request(Long.MAX_VALUE);
        failInTime(trial, "before the broker is there");
        assertThat(member.ended())
                .as("the stream of a broker that is not there yet")
                .isNotDone();
        assertThat(state(queue)).isEqualTo(Status.State.DOWN);
        broker.start();
        Await.until("it recovers alone", () -> state(queue) != Status.State.DOWN);
        Await.until("the group is declared", () -> trial.ledger().groups().contains(group));
        Message sent = Await.result(queue.publish(trial.newMessage()));
        Await.until(
                "the consumer that was there first gets it",
                () -> PublishCases.ids(member.received()).contains(sent.id()));
    }

    @Case(66)
    void afterEachRestartConsumingGoesOn(Trial trial) {
        BrokerControl broker = trial.broker().control();
        int restarts = 3;
        disturb(trial, restarts, () -> {
            broker.stop();
            awaitDown(trial);
            broker.start();
        });
    }

    @Case(67)
    void afterEachKillOfTheBrokerConsumingGoesOn(Trial trial) {
        BrokerControl broker = trial.broker().control();
        disturb(trial, Scale.of(2, 5), () -> {
            broker.kill9();
            awaitDown(trial);
            broker.start();
        });
    }

    @Case(72)
    void whenAnotherNodeTakesTheLeadConsumingGoesOn(Trial trial) {
        Runnable failOver =
                trial.broker().failOver().orElseThrow(() -> Trial.skipped("one node: there is no other to take over"));
        disturb(trial, 1, failOver);
    }

    /** Does it so many times in the middle of a load; each time the same consumer and publisher go on by themselves. */
    static void disturb(Trial trial, int times, Runnable disturbance) {
        Traffic.prepare(trial, PUBLISH_TIMEOUT);
        Duration slowest = Duration.ZERO;
        try (Traffic traffic = Traffic.start(trial)) {
            for (int i = 0; i < times; i++) {
                traffic.awaitConfirmed(50 + trial.random().nextInt(200));
                disturbance.run();
                Duration took = traffic.awaitFlow(flowsAgainWithin());
                slowest = took.compareTo(slowest) > 0 ? took : slowest;
            }
            traffic.finish(times);
        }
        trial.note("flowing again within " + slowest.toMillis() + " ms");
    }

    /** 10 seconds, or more on a machine that is told to be slow. */
    static Duration flowsAgainWithin() {
        return Await.bound().multipliedBy(2).dividedBy(3);
    }

    /** Publishes, and sees every publish fail with a retryable error before its time is up. */
    private static void failInTime(Trial trial, String when) {
        Stopwatch stopwatch = Stopwatch.start();
        List<CompletableFuture<Message>> publishes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            publishes.add(trial.queue().publish(trial.newMessage()));
        }
        for (CompletableFuture<Message> publish : publishes) {
            assertThat(Await.failure("a publish " + when, publish))
                    .as("a publish " + when)
                    .isInstanceOfSatisfying(
                            QueueException.class,
                            refusal -> assertThat(refusal.retryable())
                                    .as("retryable: " + refusal.getMessage())
                                    .isTrue());
        }
        assertThat(stopwatch.elapsed())
                .as("time until a publish failed " + when)
                .isLessThan(PUBLISH_TIMEOUT.plus(A_MOMENT));
        stopwatch.close();
    }

    private static void awaitDown(Trial trial) {
        Await.until(
                "publisher and consumer say that they are down",
                () -> state(trial.queue()) == Status.State.DOWN && state(trial.colleague()) == Status.State.DOWN);
    }

    private static Status.State state(Queue queue) {
        return queue.status().state();
    }

    /** Reads every confirmed message with a new member. */
    private static void readAllConfirmed(Trial trial, int duplicates) {
        trial.ledger().allowDuplicates(duplicates);
        Set<String> missing = new TreeSet<>(trial.ledger().confirmed());
        CollectingSubscriber member =
                trial.join(trial.colleague(), trial.group(), Delivery::ack).request(Long.MAX_VALUE);
        Await.until(() -> "every confirmed message comes; missing " + missing.size(), Await.bound(), () -> {
            missing.removeAll(PublishCases.ids(member.received()));
            return missing.isEmpty();
        });
    }
}
