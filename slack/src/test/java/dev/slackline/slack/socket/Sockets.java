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
import org.jspecify.annotations.Nullable;

/** Socket Mode over a queue in memory, with a scripted Slack at the other end. */
final class Sockets implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-03-04T05:06:07.089Z");

    final ScriptedSlack slack;
    final Queue queue;
    final DurableIntake intake;
    final AtomicBoolean open = new AtomicBoolean(true);
    final Map<IntakeAnswer, AtomicInteger> answers = new EnumMap<>(IntakeAnswer.class);
    private @Nullable SocketMode mode;

    private Sockets(ScriptedSlack slack, Queue queue, Answers replies) {
        this.slack = slack;
        this.queue = queue;
        this.intake = new DurableIntake(queue, open::get, replies);
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
        return new Sockets(ScriptedSlack.start(), queue, replies);
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
                CompletableFuture.completedStage(null));
        mode = started;
        return started;
    }

    SocketOverview overview() {
        return mode().overview();
    }

    SocketMode mode() {
        SocketMode started = mode;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
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
            Delivery delivery = deliveries.poll(Duration.ofSeconds(10)).orElseThrow();
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
        SocketMode started = mode;
        if (started != null) {
            started.close();
        }
        slack.close();
        queue.close();
    }
}
