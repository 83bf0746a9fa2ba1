package dev.slackline.slack;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that a thread does itself once it is done with what it is at. Jetty goes on with a connection on another thread
 * when its request was answered late; with a confirmation answering many at once, waking a thread for each of them would
 * cost more than reading the next request. Thread-safe.
 */
final class Afterwards {

    private static final Logger log = LoggerFactory.getLogger(Afterwards.class);
    private static final ThreadLocal<@Nullable Queue<Runnable>> TASKS = new ThreadLocal<>();

    private Afterwards() {}

    /** Does the work, and then what was left for afterwards meanwhile. The work must not call this again. */
    static void run(Runnable work) {
        Queue<Runnable> tasks = new ArrayDeque<>();
        TASKS.set(tasks);
        try {
            work.run();
        } finally {
            TASKS.remove();
            tasks.forEach(Afterwards::runAlone);
        }
    }

    /** Whatever goes wrong with one task, the others are still to be run. */
    private static void runAlone(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            log.warn("a connection could not be gone on with", e);
        }
    }

    /** Leaves tasks to threads within {@link #run}, and to the executor otherwise. */
    static Executor or(Executor executor) {
        return task -> {
            Queue<Runnable> tasks = TASKS.get();
            if (tasks == null) {
                executor.execute(task);
            } else {
                tasks.add(task);
            }
        };
    }
}
