package dev.slackline.slack.api;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A clock that can wake somebody. Thread-safe. */
interface Alarm extends AutoCloseable {

    /** Nanoseconds, of no meaning but their differences. */
    long now();

    /** Runs the task at that time or soon after, unless it is closed before. */
    void at(long nanos, Runnable task);

    @Override
    void close();

    /** The machine's, with one thread for all. */
    static Alarm ofSystem() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "slackline-slack-api-timer");
            thread.setDaemon(true);
            return thread;
        });
        return new Alarm() {
            @Override
            public long now() {
                return System.nanoTime();
            }

            @Override
            public void at(long nanos, Runnable task) {
                try {
                    timer.schedule(task, Math.max(0, nanos - now()), TimeUnit.NANOSECONDS);
                } catch (RejectedExecutionException e) {
                    // closed: what waited has been told
                }
            }

            @Override
            public void close() {
                timer.shutdownNow();
            }
        };
    }
}
