package dev.slackline.slack.answer;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What time it is, and who is to be called when some of it has passed. Thread-safe. */
interface Timer extends AutoCloseable {

    /** Nanoseconds, of no meaning but their differences. */
    long nanos();

    /** Runs the task then. @return cancels it; null when this timer is closed and the task will not run */
    @Nullable
    Runnable after(Duration delay, Runnable task);

    /** Runs nothing any more. */
    @Override
    void close();

    /** The machine's, with one thread for all. */
    static Timer ofSystem() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "slackline-answers");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return new Timer() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public @Nullable Runnable after(Duration delay, Runnable task) {
                try {
                    ScheduledFuture<?> due = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
                    return () -> due.cancel(false);
                } catch (RejectedExecutionException e) {
                    return null;
                }
            }

            @Override
            public void close() {
                timer.shutdownNow();
            }
        };
    }
}
