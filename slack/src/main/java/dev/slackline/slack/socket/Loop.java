package dev.slackline.slack.socket;

import java.time.Duration;

/** The one thread that decides about connections, and its time. What it runs must not block. */
interface Loop {

    /** Nanoseconds, of no meaning but their differences. */
    long nanos();

    /** Runs it soon; not at all once the loop has ended. */
    default void run(Runnable task) {
        after(Duration.ZERO, task);
    }

    /** Runs it later. @return cancels it */
    Runnable after(Duration wait, Runnable task);

    /** Runs it again and again, with this pause in between. */
    void every(Duration pause, Runnable task);

    /** Runs nothing any more. */
    void end();
}
