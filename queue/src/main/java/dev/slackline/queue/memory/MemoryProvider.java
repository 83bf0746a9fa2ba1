package dev.slackline.queue.memory;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.config.Setting;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens memory backends; each is a topic of its own. */
public final class MemoryProvider implements QueueBackendProvider {

    private static final Logger log = LoggerFactory.getLogger(MemoryProvider.class);

    /** How many messages may wait before a publish is refused. */
    public static final Setting<Integer> MAX_MESSAGES = Setting.integer(
            "MEMORY_MAX_MESSAGES",
            1_000_000,
            1,
            Integer.MAX_VALUE,
            "How many messages may wait in one group before a publish is refused.");

    static final String NAME = "memory";

    private static final Set<Feature> LACKING = EnumSet.of(Feature.DURABLE, Feature.MULTI_PROCESS);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(MAX_MESSAGES);
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                NAME, EnumSet.complementOf(EnumSet.copyOf(LACKING)), "none: gone when the process ends");
    }

    @Override
    public QueueBackend open(Opening opening) {
        log.warn("the memory backend is for tests: its messages do not survive this process");
        return new MemoryBackend(
                capabilities(), opening.settings().get(MAX_MESSAGES), opening.queue(), opening.clock());
    }
}
