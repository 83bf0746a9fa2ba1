package dev.slackline.queue;

import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The factory of a backend, found by {@link java.util.ServiceLoader}: list the implementing class in {@code
 * META-INF/services/dev.slackline.queue.QueueBackendProvider}. Needs a public no-argument constructor that does
 * nothing. Thread-safe.
 */
public interface QueueBackendProvider {

    /** The value of {@code QUEUE_BACKEND} that chooses it: lower-case letters and digits. Two of one name are an error. */
    String name();

    /** Every setting it reads, declared once. Their common prefix is its own: unknown variables of it are warned about. */
    List<Setting<?>> settings();

    /**
     * The one of {@link #settings()} that names the topic: with another value of it the same broker holds a second topic. Empty
     * where each opened backend is a place of its own.
     */
    default Optional<Setting<String>> topicSetting() {
        return Optional.empty();
    }

    /** What backends of this provider can do, told without opening one. */
    Capabilities capabilities();

    /** What a backend can do that is opened with these settings, where they matter for that (case 9). */
    default Capabilities capabilities(Settings settings) {
        return capabilities();
    }

    /**
     * Opens a backend. Whatever can be known to be wrong is found here rather than at the first message.
     *
     * @throws ConfigurationException if settings contradict each other, or name what cannot be used
     * @throws QueueException if the broker refuses for good (wrong password, file of a newer version); a broker that is
     *     merely unreachable is no reason to fail: the backend starts {@link Status.State#DOWN} and recovers alone (65)
     */
    QueueBackend open(Opening opening);

    /**
     * What a backend is opened with.
     *
     * @param settings the values of {@link #settings()}
     * @param queue the portable settings
     * @param clock what time it is; leases, delays and deduplication go by it
     */
    record Opening(Settings settings, QueueSettings queue, InstantSource clock) {}
}
