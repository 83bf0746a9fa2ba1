package dev.slackline.slack.socket;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that decides about connections. What it runs must not block. */
final class Loop {

    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    private final ScheduledThreadPoolExecutor thread;

    Loop() {
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread loop = new Thread(task, "slackline-socket-loop");
            loop.setDaemon(true);
            return loop;
        });
        thread.setRemoveOnCancelPolicy(true);
    }

    /** Runs it soon; not at all once the loop has ended. */
    void run(Runnable task) {
        after(Duration.ZERO, task);
    }

    /** Runs it later. @return cancels it */
    Runnable after(Duration wait, Runnable task) {
        try {
            ScheduledFuture<?> due = thread.schedule(guarded(task), wait.toMillis(), TimeUnit.MILLISECONDS);
            return () -> due.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {};
        }
    }

    /** Runs it again and again, with this pause in between. */
    void every(Duration pause, Runnable task) {
        thread.scheduleWithFixedDelay(guarded(task), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    void end() {
        thread.shutdownNow();
    }

    /** Whatever goes wrong with one task, the others are still to be run. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                log.error("Socket Mode has a bug", e);
            }
        };
    }
}
