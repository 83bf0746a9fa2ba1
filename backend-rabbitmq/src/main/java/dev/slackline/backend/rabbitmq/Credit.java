package dev.slackline.backend.rabbitmq;

import java.time.Duration;

/**
 * How many messages a member lets the broker send ahead. RabbitMQ counts what is not settled against the prefetch of a
 * consumer and cannot change that of one that runs, so more is granted by one more consumer on the same channel. Not
 * thread-safe.
 */
final class Credit {

    /** An acknowledgement under way makes room by itself; only who is stuck for longer needs more. */
    static final Duration STUCK = Duration.ofMillis(20);

    private final int window;
    private int granted;
    private int used;
    private int epoch;
    private boolean stuck;
    private long stuckSince;

    /**
     * Grants nothing yet.
     *
     * @param window how many are asked for at most at one time
     */
    Credit(int window) {
        this.window = window;
    }

    /** Names what is granted until {@link #revoke()}. */
    int epoch() {
        return epoch;
    }

    boolean isGranted() {
        return granted > 0;
    }

    boolean isStuck() {
        return stuck;
    }

    /** A message has come on a consumer of this epoch. */
    void use(int ofEpoch) {
        if (ofEpoch == epoch) {
            used++;
        }
    }

    /** A message of this epoch was settled. */
    void giveBack(int ofEpoch) {
        if (ofEpoch == epoch) {
            used--;
        }
    }

    void grant(int more) {
        granted += more;
        stuck = false;
    }

    /** The consumers are cancelled; what they brought is settled on its own account. */
    void revoke() {
        granted = 0;
        used = 0;
        stuck = false;
        epoch++;
    }

    /** How many more to ask for now, of what the subscriber is waiting for. */
    int missing(int wanted, long nowNanos) {
        int free = granted - used;
        int lacking = Math.min(wanted, window) - free;
        if (lacking <= 0) {
            stuck = false;
            return 0;
        }
        if (lacking >= granted && granted < window) { // nothing yet, or much more than at first
            return lacking;
        }
        if (free > 0) {
            stuck = false;
            return 0;
        }
        if (!stuck) {
            stuck = true;
            stuckSince = nowNanos;
        }
        return nowNanos - stuckSince >= STUCK.toNanos() ? lacking : 0;
    }
}
