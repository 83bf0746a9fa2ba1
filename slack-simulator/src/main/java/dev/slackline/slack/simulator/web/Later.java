package dev.slackline.slack.simulator.web;

import java.time.Duration;

/** Does something after a while, unless the simulator ends before. */
public interface Later {

    /** Does a task after a wait. */
    void run(Duration wait, Runnable task);
}
