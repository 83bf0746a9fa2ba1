package dev.slackline.mcp.inbox;

import dev.slackline.mcp.Caller;
import dev.slackline.queue.Delivery;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;

/**
 * One event that one caller has taken. Who shows the token, and is that caller, settles it. The times are those of
 * {@link System#nanoTime()}. Thread-safe.
 */
final class Claim {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TOKEN_BYTES = 16;

    private final String token = newToken();
    private final Tray tray;
    private final Held held;
    private final Caller caller;
    private final Duration queueLease;

    // Guarded by this.
    private long deadline;
    private long renewedAt;
    private boolean renewing;

    /** @param lease how long it lasts unless extended; one no longer than the queue's own runs out with that */
    Claim(Tray tray, Held held, Caller caller, Duration lease, Duration queueLease) {
        this.tray = tray;
        this.held = held;
        this.caller = caller;
        this.queueLease = queueLease;
        this.renewedAt = held.since();
        long now = System.nanoTime();
        long wanted = now + lease.toNanos();
        long lent = held.since() + queueLease.toNanos();
        this.deadline = lease.compareTo(queueLease) <= 0 && wanted - lent > 0 ? lent : wanted;
    }

    String token() {
        return token;
    }

    Tray tray() {
        return tray;
    }

    Held held() {
        return held;
    }

    Caller caller() {
        return caller;
    }

    Delivery delivery() {
        return held.delivery();
    }

    synchronized boolean isOver(long now) {
        return now - deadline >= 0;
    }

    /** How long it still lasts; zero if it is over. */
    synchronized Duration left() {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /** Whether the queue's lease must be renewed now for the claim to last; whoever is told so must say {@link #renewed}. */
    synchronized boolean startsRenewing(long now) {
        boolean outlasts = deadline - renewedAt > queueLease.toNanos();
        boolean late = now - renewedAt > queueLease.toNanos() / 3;
        boolean starts = outlasts && late && !renewing && now - deadline < 0;
        renewing |= starts;
        return starts;
    }

    /** The queue's lease was started anew at this time, or could not be. */
    synchronized void renewed(long at, boolean done) {
        renewing = false;
        if (done && at - renewedAt > 0) {
            renewedAt = at;
        }
    }

    /** Lasts from then on for another lease; never shorter than it did. */
    synchronized void extend(long from, Duration lease) {
        long wanted = from + lease.toNanos();
        if (wanted - deadline > 0) {
            deadline = wanted;
        }
    }

    private static String newToken() {
        byte[] bytes = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
