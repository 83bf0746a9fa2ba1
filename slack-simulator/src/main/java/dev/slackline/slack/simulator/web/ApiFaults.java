package dev.slackline.slack.simulator.web;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which calls go wrong, and how. Thread-safe. */
public final class ApiFaults {

    private final Map<String, Deque<ApiFault>> next = new ConcurrentHashMap<>();
    private volatile Function<String, @Nullable ApiFault> always = method -> null;

    /** Lets the next calls of a method go wrong. */
    public void next(String method, int times, ApiFault fault) {
        Deque<ApiFault> queue = next.computeIfAbsent(method, key -> new ArrayDeque<>());
        synchronized (queue) {
            for (int i = 0; i < times; i++) {
                queue.add(fault);
            }
        }
    }

    /** Asks for each call, by its method, how it goes wrong; null for not at all. */
    public void each(Function<String, @Nullable ApiFault> chosen) {
        always = chosen;
    }

    /** Lets everything go right again. */
    public void clear() {
        next.clear();
        always = method -> null;
    }

    @Nullable
    ApiFault take(String method) {
        Deque<ApiFault> queue = next.get(method);
        if (queue != null) {
            synchronized (queue) {
                ApiFault fault = queue.poll();
                if (fault != null) {
                    return fault;
                }
            }
        }
        return always.apply(method);
    }
}
