package dev.slackline.queue.testkit;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.memory.MemoryProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The kit over a broken memory backend; run by {@link KitFindsFaultsTest}, never by itself. */
abstract class BrokenCompliance extends QueueBackendCompliance {

    private final UnaryOperator<QueueBackend> fault;

    BrokenCompliance(UnaryOperator<QueueBackend> fault) {
        this.fault = fault;
    }

    @Override
    public QueueBackendProvider provider() {
        return new BrokenProvider(new MemoryProvider(), fault);
    }

    @Override
    public Capabilities expected() {
        return new MemoryProvider().capabilities();
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

    private record BrokenProvider(QueueBackendProvider whole, UnaryOperator<QueueBackend> fault)
            implements QueueBackendProvider {

        @Override
        public String name() {
            return whole.name();
        }

        @Override
        public List<Setting<?>> settings() {
            return whole.settings();
        }

        @Override
        public Capabilities capabilities() {
            return whole.capabilities();
        }

        @Override
        public QueueBackend open(Opening opening) {
            return fault.apply(whole.open(opening));
        }
    }
}
