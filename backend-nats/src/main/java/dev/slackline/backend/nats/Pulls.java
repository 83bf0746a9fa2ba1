package dev.slackline.backend.nats;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a member has asked the server for: one request at a time, so that each is known to be answered. Not thread-safe: its
 * member guards it.
 */
final class Pulls {

    /**
     * How long a request stands. One that is withdrawn earlier, by ending the subscription, loses what is on its way: the
     * server counts that as delivered (before 2.10.15) and waits in vain for its acknowledgement.
     */
    private static final Duration EXPIRY = Duration.ofMillis(500);

    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration EARLY = Duration.ofMillis(250);
    private static final int MOST_AT_ONCE = 1024;
    private static final int MOST_UNANSWERED = 2;

    private final String inbox;
    private @Nullable Pull standing;
    private int number;
    private int unanswered;
    private boolean pausing;

    Pulls(String inbox) {
        this.inbox = inbox;
    }

    /** One request. */
    static final class Pull {
        private final String reply;
        private final int size;
        private final long startNanos = System.nanoTime();
        private int missing;

        private Pull(String reply, int size) {
            this.reply = reply;
            this.size = size;
            this.missing = size;
        }

        String reply() {
            return reply;
        }

        byte[] request() {
            return ("{\"batch\":" + size + ",\"expires\":" + EXPIRY.toNanos() + "}")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        private boolean isOlderThan(Duration age) {
            return System.nanoTime() - startNanos > age.toNanos();
        }
    }

    /** A request for so many; null if there is none to be made now. */
    @Nullable
    Pull ask(int wanted) {
        if (wanted <= 0 || standing != null || pausing) {
            return null;
        }
        standing = new Pull(inbox + ++number, Math.min(wanted, MOST_AT_ONCE));
        return standing;
    }

    boolean isStanding() {
        return standing != null;
    }

    /** A message has come. */
    void arrived() {
        unanswered = 0;
        Pull current = standing;
        if (current != null && --current.missing == 0) {
            standing = null;
        }
    }

    /** The server will not answer a request any further. @return that request; null if it is an earlier one */
    @Nullable
    Pull ended(String reply) {
        Pull current = standing;
        if (current == null || !current.reply.equals(reply)) {
            return null;
        }
        standing = null;
        unanswered = 0;
        return current;
    }

    /** Whether a request has ended so soon that the next one must not follow at once. */
    boolean isEarly(Pull ended) {
        return !ended.isOlderThan(EARLY);
    }

    /** Gives up a request that the server should have answered by now. @return whether there was one */
    boolean giveUpSilent() {
        Pull current = standing;
        if (current == null || !current.isOlderThan(EXPIRY.plus(GRACE))) {
            return false;
        }
        standing = null;
        unanswered++;
        return true;
    }

    /** Whether the server was silent, and has not been heard of since. */
    boolean isUnanswered() {
        return unanswered > 0;
    }

    /** Whether it was silent so often that it is no use to ask again. */
    boolean isHopeless() {
        return unanswered >= MOST_UNANSWERED;
    }

    /** The connection is gone. */
    void drop() {
        standing = null;
    }

    void pause() {
        pausing = true;
    }

    void goOn() {
        pausing = false;
    }
}
