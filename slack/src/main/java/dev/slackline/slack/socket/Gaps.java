package dev.slackline.slack.socket;

import java.time.Duration;

/** How long there was no connection at all, since there was one for the first time. Updated by the loop, read by all. */
final class Gaps {

    private volatile long ended;
    private volatile long began;
    private volatile State state = State.BEFORE;

    private enum State {
        BEFORE,
        CONNECTED,
        GAP
    }

    void update(boolean connected) {
        if (connected && state == State.GAP) {
            ended = ended + System.nanoTime() - began;
        }
        if (!connected && state == State.CONNECTED) {
            began = System.nanoTime();
            state = State.GAP;
        } else if (connected) {
            state = State.CONNECTED;
        }
    }

    Duration total() {
        long current = state == State.GAP ? System.nanoTime() - began : 0;
        return Duration.ofNanos(ended + current);
    }
}
