package dev.slackline.queue.testkit;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.memory.MemoryProvider;
import java.util.List;

/** A second provider of the name of the one that is tried; opens nothing. Public because it is found as a service. */
public final class Namesake implements QueueBackendProvider {

    private static volatile QueueBackendProvider original = new MemoryProvider();

    /** What {@link java.util.ServiceLoader} calls. */
    public Namesake() {}

    static void of(QueueBackendProvider provider) {
        original = provider;
    }

    @Override
    public String name() {
        return original.name();
    }

    @Override
    public List<Setting<?>> settings() {
        return original.settings();
    }

    @Override
    public Capabilities capabilities() {
        return original.capabilities();
    }

    @Override
    public QueueBackend open(Opening opening) {
        throw new AssertionError("a backend was chosen from two of one name");
    }
}
