package dev.slackline.queue.testkit;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueSettings;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A publisher and a consumer that go on all the time while a case does its worst: two hundred messages a second at most,
 * acknowledged as they come. Neither is started again; what fails to be published is not promised and counts as such.
 */
final class Traffic implements AutoCloseable {

    /** How many publishes wait for their confirmation at most. */
    static final int PUBLISHES_IN_FLIGHT = 32;

    /** How many deliveries the consumer holds at most. */
    static final int DELIVERIES_IN_FLIGHT = 32;

    private static final int PER_TICK = 2;
    private static final long TICK_MILLIS = 10;

    private final Trial trial;
    private final Queue publisher;
    private final Handling consumer;
    private final ScheduledExecutorService clockwork = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "traffic");
        thread.setDaemon(true);
        return thread;
    });
    private final Semaphore room = new Semaphore(PUBLISHES_IN_FLIGHT);
    private final AtomicInteger confirmed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger handled = new AtomicInteger();
    private final AtomicLong newestHandled = new AtomicLong();
    private final AtomicLong slowestPublish = new AtomicLong();
    private final Stopwatch stopwatch = Stopwatch.start();

    private Traffic(Trial trial) {
        this.trial = trial;
        this.publisher = trial.queue();
        this.consumer = Handling.of(trial.colleague().consume(trial.group()), DELIVERIES_IN_FLIGHT, this::handle);
    }

    /** Chooses settings that suit it; before anything is opened. */
    static Trial prepare(Trial trial, Duration publishTimeout) {
        return trial.set(QueueSettings.PUBLISH_TIMEOUT, publishTimeout.toMillis() + "ms")
                .set(QueueSettings.PUBLISH_RETRIES, "1")
                .set(QueueSettings.MAX_ATTEMPTS, "1000");
    }

    /** Starts it and waits until it flows. */
    static Traffic start(Trial trial) {
        trial.group();
        Traffic traffic = new Traffic(trial);
        traffic.clockwork.scheduleAtFixedRate(traffic::publish, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        traffic.awaitFlow(Await.bound());
        return traffic;
    }

    /**
     * Waits until a message that was published from now on is confirmed and handled.
     *
     * @return how long that took
     */
    Duration awaitFlow(Duration bound) {
        long start = System.nanoTime();
        long now = System.currentTimeMillis();
        Await.until(
                () -> "messages flow: " + this + ", publisher " + publisher.status() + ", consumer "
                        + trial.colleague().status(),
                bound,
                () -> newestHandled.get() > now);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Waits until so many more are confirmed. */
    void awaitConfirmed(int more) {
        awaitConfirmed(more, Await.bound());
    }

    /** {@link #awaitConfirmed(int)} with a bound of its own. */
    void awaitConfirmed(int more, Duration bound) {
        int enough = confirmed.get() + more;
        Await.until(() -> enough + " are confirmed: " + this, bound, () -> confirmed.get() >= enough);
    }

    /** How many publishes were confirmed so far. */
    int confirmed() {
        return confirmed.get();
    }

    /** The longest that a publish took to be confirmed or to fail. */
    Duration slowestPublish() {
        return Duration.ofNanos(slowestPublish.get());
    }

    /**
     * Ends publishing and waits until everything that was confirmed is handled.
     *
     * @param faults how often it was disturbed: each may repeat what was in flight at that moment
     */
    void finish(int faults) {
        finish(faults, PUBLISHES_IN_FLIGHT + DELIVERIES_IN_FLIGHT);
    }

    /** {@link #finish(int)} with others that also publish and consume. */
    void finish(int faults, int inFlight) {
        close();
        trial.ledger().allowDuplicates(faults * inFlight);
        Await.until(
                () -> "everything confirmed is handled; missing "
                        + trial.ledger().unacknowledged(trial.group()).size() + ": " + this,
                Await.bound().multipliedBy(2),
                () -> trial.ledger().unacknowledged(trial.group()).isEmpty());
        consumer.cancel();
        int uncertain = trial.ledger().uncertain();
        if (uncertain > faults * inFlight) {
            throw new AssertionError(
                    "of " + uncertain + " it is not known whether they were acknowledged: more than were in flight");
        }
        trial.note(this + ", " + trial.ledger().duplicates() + " duplicates, " + uncertain
                + " acknowledged or not when a fault came");
    }

    /** Ends publishing, and waits until each publish has been confirmed or has failed. */
    @Override
    public void close() {
        clockwork.shutdown();
        Await.until(
                () -> "every publish ends: " + this,
                Await.bound().multipliedBy(2),
                () -> room.availablePermits() == PUBLISHES_IN_FLIGHT);
        stopwatch.close();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%d confirmed, %d not, %d handled", confirmed.get(), failed.get(), handled.get());
    }

    private void publish() {
        for (int i = 0; i < PER_TICK && room.tryAcquire(); i++) {
            Duration start = stopwatch.elapsed();
            publisher.publish(trial.newMessage()).whenComplete((message, error) -> {
                (error == null ? confirmed : failed).incrementAndGet();
                slowestPublish.accumulateAndGet(stopwatch.elapsed().minus(start).toNanos(), Math::max);
                room.release();
            });
        }
    }

    private CompletionStage<?> handle(Delivery delivery) {
        return delivery.ack().thenRun(() -> {
            handled.incrementAndGet();
            newestHandled.accumulateAndGet(delivery.message().publishedAt().toEpochMilli(), Math::max);
        });
    }
}
