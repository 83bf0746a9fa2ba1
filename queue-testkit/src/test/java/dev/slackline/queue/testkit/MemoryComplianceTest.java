package dev.slackline.queue.testkit;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.memory.MemoryProvider;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

class MemoryComplianceTest extends QueueBackendCompliance {

    @Override
    public QueueBackendProvider provider() {
        return new MemoryProvider();
    }

    @Override
    public Capabilities expected() {
        return new Capabilities(
                "memory",
                EnumSet.complementOf(EnumSet.of(Feature.DURABLE, Feature.MULTI_PROCESS)),
                "none: gone when the process ends");
    }

    @Override
    public boolean isEmbedded() {
        return true;
    }

    @Override
    public Map<String, String> newTopic() {
        return Map.of();
    }

    @Override
    public Optional<Map<String, String>> topicThatFills() {
        return Optional.of(Map.of(MemoryProvider.MAX_MESSAGES.name(), "50"));
    }
}
