package dev.slackline.slack.handler;

import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.queue.memory.MemoryProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A queue, a Slack that notes what it is told, and handlers between them. */
final class Workshop implements AutoCloseable {

    static final String GROUP = "bots";
    private static final long BOUND = Duration.ofSeconds(30).toNanos();

    final Queue queue;
    final ApiServer slack = new ApiServer();
    private final List<RunningHandlers> running = new ArrayList<>();

    Workshop() throws IOException {
        queue = memoryQueue(GROUP);
    }

    static Queue memoryQueue(String group) {
        MemoryProvider provider = new MemoryProvider();
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        Queue queue = Queue.open(
                provider,
                Settings.parse(
                        Map.of("QUEUE_RETRY_BACKOFF", "5ms", "QUEUE_MAX_ATTEMPTS", "3", "QUEUE_GROUPS", group),
                        declared));
        queue.declareGroups().toCompletableFuture().join();
        return queue;
    }

    RunningHandlers start(SlackHandlers handlers) {
        RunningHandlers started = handlers.start(queue, GROUP, slack.api);
        running.add(started);
        return started;
    }

    Message publish(String key, String json) {
        return queue.publish(key, Payload.parse(json)).join();
    }

    /** An event with these fields in its inner object. */
    Message event(String key, String fields) {
        return publish(
                key,
                "{\"type\":\"event_callback\",\"team_id\":\"T1\",\"api_app_id\":\"A1\",\"event\":{\"type\":\""
                        + key.split("\\.", -1)[1] + "\"" + (fields.isEmpty() ? "" : "," + fields) + "}}");
    }

    GroupStats stats() {
        return queue.group(GROUP).stats().toCompletableFuture().join();
    }

    /** The ids of the dead letters and why they died. */
    Map<String, String> dead() {
        Map<String, String> dead = new TreeMap<>();
        queue.group(GROUP)
                .deadLetters()
                .list(null, 100)
                .toCompletableFuture()
                .join()
                .forEach(letter -> dead.put(letter.message().id(), letter.last().reason()));
        return dead;
    }

    /** Waits until the group has nothing more to do. */
    void awaitDone() {
        await(() -> {
            GroupStats now = stats();
            return now.waiting() == 0 && now.inFlight() == 0;
        });
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + BOUND;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come true within 30 seconds");
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        running.forEach(RunningHandlers::close);
        slack.close();
        queue.close();
    }
}
