package dev.slackline.queue;

import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.queue.memory.MemoryProvider;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The memory backend, for a test that bends one part of it. */
class ForwardingBackend implements QueueBackend {

    final QueueSettings settings;
    private final QueueBackend memory;

    ForwardingBackend(Map<String, String> env) {
        this(env, InstantSource.system());
    }

    ForwardingBackend(Map<String, String> env, InstantSource clock) {
        MemoryProvider provider = new MemoryProvider();
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        Settings parsed = Settings.parse(env, declared);
        settings = QueueSettings.from(parsed);
        memory = provider.open(new QueueBackendProvider.Opening(parsed, settings, clock));
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
        return memory.publish(message);
    }

    @Override
    public Flow.Publisher<Delivery> consume(String group) {
        return memory.consume(group);
    }

    @Override
    public Group group(String name) {
        return memory.group(name);
    }

    @Override
    public CompletionStage<List<String>> groups() {
        return memory.groups();
    }

    @Override
    public Status status() {
        return memory.status();
    }

    @Override
    public Capabilities capabilities() {
        return memory.capabilities();
    }

    @Override
    public void close() {
        memory.close();
    }
}
