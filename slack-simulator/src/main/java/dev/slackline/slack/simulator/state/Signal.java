package dev.slackline.slack.simulator.state;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Lets somebody wait until something has changed. Thread-safe. */
public final class Signal {

    private long changes;

    /** Says that something has changed. Does not block. */
    public synchronized void changed() {
        changes++;
        notifyAll();
    }

    /**
     * Asks again after each change until there is an answer.
     *
     * @param bound how long to wait at most
     * @param what what was waited for, as the error says it
     * @throws IllegalStateException if the bound passes
     */
    public <T> T await(Duration bound, String what, Supplier<Optional<T>> question) {
        long end = System.nanoTime() + bound.toNanos();
        while (true) {
            long seen = changes();
            Optional<T> answer = question.get();
            if (answer.isPresent()) {
                return answer.get();
            }
            if (!awaitChange(seen, end)) {
                throw new IllegalStateException("no " + what + " within " + bound);
            }
        }
    }

    private synchronized long changes() {
        return changes;
    }

    private synchronized boolean awaitChange(long seen, long end) {
        while (changes == seen) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return true;
    }
}
