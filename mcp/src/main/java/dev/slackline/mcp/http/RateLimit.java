package dev.slackline.mcp.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * So many requests a second for each client in the long run, ten seconds' worth at once. Clients that have been quiet are
 * forgotten. Thread-safe.
 */
final class RateLimit {

    private static final long BURST_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int MANY_CLIENTS = 10_000;

    private final long cost;
    private final LongSupplier nanoTime;
    /** Until when each client's requests are paid for; what lies ahead of now is its debt. */
    private final Map<String, Long> paidUntil = new ConcurrentHashMap<>();

    RateLimit(int perSecond, LongSupplier nanoTime) {
        this.cost = perSecond == 0 ? 0 : Duration.ofSeconds(1).toNanos() / perSecond;
        this.nanoTime = nanoTime;
    }

    /** Counts a request. @return how long its client should wait first, in which case it does not count; or zero */
    Duration take(String client) {
        if (cost == 0) {
            return Duration.ZERO;
        }
        long now = nanoTime.getAsLong();
        if (paidUntil.size() > MANY_CLIENTS) {
            paidUntil.values().removeIf(until -> until - now <= 0);
        }
        long[] wait = {0};
        paidUntil.compute(client, (name, before) -> {
            long start = before == null || before - now < 0 ? now : before;
            wait[0] = Math.max(0, start - now + cost - BURST_NANOS);
            return wait[0] > 0 ? start : start + cost;
        });
        return Duration.ofNanos(wait[0]);
    }
}
