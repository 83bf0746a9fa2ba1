package dev.slackline.app.consume;

import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.queue.memory.MemoryProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A queue in memory with short waits and the default group declared. */
final class MemoryQueue {

    private MemoryQueue() {}

    static Queue open() {
        MemoryProvider provider = new MemoryProvider();
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        Queue queue = Queue.open(
                provider, Settings.parse(Map.of("QUEUE_RETRY_BACKOFF", "10ms", "QUEUE_MAX_ATTEMPTS", "2"), declared));
        queue.declareGroups().toCompletableFuture().join();
        return queue;
    }
}
