package dev.slackline.slack.socket;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.queue.memory.MemoryProvider;
import dev.slackline.slack.DurableIntake;
import dev.slackline.slack.IntakeAnswer;
import dev.slackline.slack.answer.Answers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Socket Mode over a queue in memory, with a scripted Slack at the other end. */
final class Sockets implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-03-04T05:06:07.089Z");

    /** What {@link #goOnUntil} lets pass at a time. */
    static final Duration STEP = Duration.ofMillis(50);

    final ScriptedSlack slack;
    final Queue queue;
    final SettableLoop loop = new SettableLoop();
    final DurableIntake intake;
    final AtomicBoolean open = new AtomicBoolean(true);
    final Map<IntakeAnswer, AtomicInteger> answers = new EnumMap<>(IntakeAnswer.class);
    private @Nullable SocketMode mode;

    private Sockets(ScriptedSlack slack, Queue queue, Answers replies, Duration budget) {
        this.slack = slack;
        this.queue = queue;
        this.intake = new DurableIntake(queue, open::get, replies, message -> {}, budget);
        for (IntakeAnswer answer : IntakeAnswer.values()) {
            answers.put(answer, new AtomicInteger());
        }
    }

    /** Connected, with two connections. */
    static Sockets connected() throws IOException {
        return of(memoryQueue(), Answers.none()).connect(2);
    }

    /** Not started yet. */
    static Sockets of(Queue queue, Answers replies) throws IOException {
        return of(queue, replies, Duration.ofMinutes(10)); // longer than a machine stands still
    }

    /** With a queue that must confirm within this time. */
    static Sockets of(Queue queue, Answers replies, Duration budget) throws IOException {
        return new Sockets(ScriptedSlack.start(), queue, replies, budget);
    }

    static Sockets unstarted() throws IOException {
        return of(memoryQueue(), Answers.none());
    }

    Sockets connect(int count) {
        start(count);
        slack.awaitOpen(count);
        ScriptedSlack.await("every hello is heard", () -> overview().connected() == count);
        return this;
    }

    SocketMode start(int count) {
        return start(slack.settings(count));
    }

    SocketMode start(SocketSettings settings) {
        SocketMode started = SocketMode.start(
                settings,
                intake,
                (answer, took) -> count(answer).incrementAndGet(),
                InstantSource.fixed(NOW),
                CompletableFuture.completedStage(null),
                loop);
        mode = started;
        return started;
    }

    SocketOverview overview() {
        return mode().overview();
    }

    /** How often connections were replaced for this reason. */
    long reconnects(String cause) {
        return overview().reconnects().getOrDefault(cause, -1L);
    }

    SocketMode mode() {
        SocketMode started = mode;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    /** Lets time pass, a little after every look, until it comes true. */
    void goOnUntil(String what, BooleanSupplier condition) {
        ScriptedSlack.await(what, () -> {
            loop.goOn(STEP);
            return condition.getAsBoolean();
        });
    }

    /** How much time has passed since a moment of the loop. */
    Duration since(long began) {
        return Duration.ofNanos(loop.nanos() - began);
    }

    AtomicInteger count(IntakeAnswer answer) {
        AtomicInteger count = answers.get(answer);
        if (count == null) {
            throw new IllegalArgumentException(answer.name());
        }
        return count;
    }

    /** Takes the next message, or fails when none comes. */
    Message next() {
        try (var deliveries = queue.deliveries(Queue.DEFAULT_GROUP)) {
            Delivery delivery = deliveries.poll(Duration.ofSeconds(30)).orElseThrow();
            delivery.ack().toCompletableFuture().join();
            return delivery.message();
        }
    }

    /** How many messages wait. */
    long waiting() {
        return queue.group(Queue.DEFAULT_GROUP)
                .stats()
                .toCompletableFuture()
                .join()
                .ready();
    }

    static Queue memoryQueue() {
        MemoryProvider provider = new MemoryProvider();
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        Queue queue = Queue.open(provider, Settings.parse(Map.of(), declared));
        queue.declareGroups().toCompletableFuture().join();
        return queue;
    }

    @Override
    public void close() throws IOException {
        slack.close(); // or those that it does not close would be waited for, for which no time passes
        SocketMode started = mode;
        if (started != null) {
            started.close();
        }
        queue.close();
    }
}
