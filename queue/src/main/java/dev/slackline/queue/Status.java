package dev.slackline.queue;

/**
 * Whether a queue can do its work.
 *
 * @param state the answer
 * @param reason why, for people: what failed, where, and what to do; for {@link State#UP} a short remark
 */
public record Status(State state, String reason) {

    /** How well. */
    public enum State {
        /** Publishing and consuming work. */
        UP,
        /** It works, and somebody should look. */
        DEGRADED,
        /** Publishing or consuming does not work. */
        DOWN
    }

    /** Working. */
    public static Status up(String remark) {
        return new Status(State.UP, remark);
    }

    /** Working, with something to look at. */
    public static Status degraded(String reason) {
        return new Status(State.DEGRADED, reason);
    }

    /** Not working. */
    public static Status down(String reason) {
        return new Status(State.DOWN, reason);
    }
}
