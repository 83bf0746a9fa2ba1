package dev.slackline.app.groups;

import dev.slackline.queue.Queue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the groups every minute and warns once about each that becomes unconsumed. Thread-safe. */
public final class GroupWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(GroupWatch.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Queue queue;
    private final InstantSource clock;
    private final Set<String> named = new HashSet<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "slackline-group-watch");
        thread.setDaemon(true);
        return thread;
    });

    private GroupWatch(Queue queue, InstantSource clock) {
        this.queue = queue;
        this.clock = clock;
    }

    /** Looks at once, and then every minute. */
    public static GroupWatch start(Queue queue, InstantSource clock) {
        GroupWatch watch = new GroupWatch(queue, clock);
        watch.timer.scheduleWithFixedDelay(watch::look, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void look() {
        try {
            warn(UnconsumedGroup.among(GroupOverview.of(queue, TIMEOUT).join(), clock.instant()));
        } catch (RuntimeException e) {
            log.debug("the groups could not be looked at", e); // the queue's own status says what is wrong
        }
    }

    private void warn(List<UnconsumedGroup> unconsumed) {
        Set<String> now = new HashSet<>();
        for (UnconsumedGroup group : unconsumed) {
            now.add(group.name());
            if (!named.contains(group.name())) {
                log.warn(group.advice());
            }
        }
        named.clear();
        named.addAll(now);
    }
}
