package dev.slackline.queue.testkit;

import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Durations;
import dev.slackline.queue.testkit.FaultSchedule.Fault;
import dev.slackline.queue.testkit.FaultSchedule.Step;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Everything at once, for as long as one likes, in an order that the seed repeats. */
abstract class SoakCases {

    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(3);
    /** A JVM that was just started may take longer to open a queue than a publish may take. */
    private static final String OPEN_TIMEOUT = "20s";

    /** What is kept while processes, broker and network fail at random. */
    @Case(75)
    @Timeout(value = 2, unit = TimeUnit.DAYS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void underRandomFaultsTheLedgerIsClean(Trial trial) {
        trial.requires(Feature.DURABLE);
        trial.requires(Feature.MULTI_PROCESS);
        boolean hasBroker = trial.harness().broker().isPresent();
        if (hasBroker) {
            trial.proxy();
        } else if (!trial.harness().isEmbedded()) {
            trial.broker(); // skips
        }
        Duration length = Durations.parse(System.getProperty("slackline.compliance.soak", "60s"));
        FaultSchedule schedule = FaultSchedule.of(
                trial.random(),
                length,
                Arrays.stream(Fault.values())
                        .filter(fault -> hasBroker || !fault.atTheBroker)
                        .toList());
        trial.note(length.toSeconds() + " s of random faults: " + schedule);
        // a lease longer than a busy machine stands still
        Traffic.prepare(trial, PUBLISH_TIMEOUT).set(QueueSettings.LEASE, "5s");
        try (Traffic traffic = Traffic.start(trial);
                Crew crew = new Crew(trial.set(QueueSettings.PUBLISH_TIMEOUT, OPEN_TIMEOUT))) {
            schedule.steps().forEach(step -> run(step, trial, crew));
            trial.heal();
            traffic.awaitFlow(Await.bound());
            crew.leave();
            traffic.finish(schedule.steps().size(), Crew.IN_FLIGHT);
        }
    }

    private static void run(Step step, Trial trial, Crew crew) {
        crew.workFor(step.quiet());
        switch (step.fault()) {
            case KILL_CONSUMER -> crew.withoutConsumer(step.length());
            case KILL_PUBLISHER -> crew.withoutPublisher(step.length());
            case KILL_BROKER -> {
                trial.broker().control().kill9();
                crew.workFor(step.length());
            }
            case RESTART_BROKER -> {
                trial.broker().control().stop();
                crew.workFor(step.length());
            }
            case PAUSE_BROKER -> {
                trial.broker().control().pause();
                crew.workFor(step.length());
            }
            case CUT -> trial.proxy().cut();
            case BLACK_HOLE -> {
                trial.proxy().blackHole();
                crew.workFor(step.length().multipliedBy(4));
            }
            case SLOW_NETWORK -> {
                trial.proxy().delay(Duration.ofMillis(200));
                trial.proxy().stall(0.05, Duration.ofMillis(500));
                crew.workFor(step.length());
            }
        }
        trial.heal();
    }

    /** The other processes: a publisher and a consumer, which can be killed and replaced. */
    private static final class Crew implements AutoCloseable {

        /** What the crew and the traffic in this process have in flight together. */
        static final int IN_FLIGHT = 2 * (Traffic.PUBLISHES_IN_FLIGHT + Traffic.DELIVERIES_IN_FLIGHT);

        private final Trial trial;
        private ChildJvm publisher;
        private ChildJvm consumer;

        Crew(Trial trial) {
            this.trial = trial;
            this.publisher = newPublisher();
            this.consumer = newConsumer();
        }

        /** Lets everybody work for a while. */
        void workFor(Duration time) {
            Await.holds("the other processes live", time, () -> publisher.isAlive() && consumer.isAlive());
        }

        void withoutPublisher(Duration time) {
            publisher.kill9();
            Await.holds("the other consumer lives", time, consumer::isAlive);
            publisher = newPublisher();
        }

        void withoutConsumer(Duration time) {
            killConsumer();
            Await.holds("the other publisher lives", time, publisher::isAlive);
            consumer = newConsumer();
        }

        void leave() {
            publisher.kill9();
            killConsumer();
        }

        @Override
        public void close() {
            publisher.close();
            consumer.close();
        }

        private void killConsumer() {
            consumer.kill9();
            consumer.startedAndNotEnded("ACKING ", "ACKED ")
                    .forEach(id -> trial.ledger().maybeAcknowledged(trial.group(), id));
        }

        private ChildJvm newPublisher() {
            return ChildJvm.start(trial, List.of(), List.of("publish", "20"));
        }

        private ChildJvm newConsumer() {
            return ChildJvm.start(trial, List.of(), List.of("handle", trial.group()));
        }
    }
}
