package dev.slackline.slack.socket;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread, and the time of the machine. */
final class SystemLoop implements Loop {

    private static final Logger log = LoggerFactory.getLogger(SystemLoop.class);

    private final ScheduledThreadPoolExecutor thread;

    SystemLoop() {
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread loop = new Thread(task, "slackline-socket-loop");
            loop.setDaemon(true);
            return loop;
        });
        thread.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Runnable after(Duration wait, Runnable task) {
        try {
            ScheduledFuture<?> due = thread.schedule(guarded(task), wait.toMillis(), TimeUnit.MILLISECONDS);
            return () -> due.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {};
        }
    }

    @Override
    public void every(Duration pause, Runnable task) {
        thread.scheduleWithFixedDelay(guarded(task), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void end() {
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
