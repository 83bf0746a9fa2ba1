package dev.slackline.backend.postgres;

import dev.slackline.queue.Delivery;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What members have asked for and not got, group by group, and when it is worth asking the server for it. Thread-safe.
 */
final class Waiting {

    /** One member asks; how much, it says when it is served. */
    record Demand(PostgresMember member, CompletableFuture<List<Delivery>> result) {}

    /**
     * What a group's members ask for.
     *
     * @param calls how often it was called by the time of asking
     */
    record Asked(String group, List<Demand> demands, long calls) {

        /** How many deliveries that is. */
        int number(int most) {
            long all = 0;
            for (Demand demand : demands) {
                all += demand.member().demand();
            }
            return (int) Math.max(1, Math.min(all, most));
        }
    }

    private static final class Line {
        final Deque<Demand> demands = new ArrayDeque<>();
        /** Nothing was there; it is not asked again before this, unless it is called. */
        long notBefore = System.nanoTime();
    }

    /** Whoever was served last comes last. */
    private final Map<String, Line> lines = new LinkedHashMap<>();

    private long calls;
    private boolean closed;

    synchronized CompletableFuture<List<Delivery>> add(PostgresMember member) {
        Demand demand = new Demand(member, new CompletableFuture<>());
        if (closed) {
            demand.result().complete(List.of());
        } else {
            lines.computeIfAbsent(member.group(), group -> new Line()).demands.add(demand);
            notifyAll();
        }
        return demand.result();
    }

    /** The member has left: it gets nothing. */
    void remove(PostgresMember member) {
        List<Demand> removed = new ArrayList<>();
        synchronized (this) {
            Line line = lines.get(member.group());
            if (line != null) {
                line.demands.removeIf(demand -> demand.member() == member && removed.add(demand));
            }
        }
        removed.forEach(demand -> demand.result().complete(List.of()));
    }

    /** There may be something for everybody. */
    synchronized void call() {
        calls++;
        long now = System.nanoTime();
        lines.values().forEach(line -> line.notBefore = now);
        notifyAll();
    }

    /** Waits for a group that is worth asking for; null if all is closed. */
    synchronized @Nullable Asked next() throws InterruptedException {
        while (!closed) {
            long now = System.nanoTime();
            long soonest = Long.MAX_VALUE;
            for (Map.Entry<String, Line> each : lines.entrySet()) {
                Line line = each.getValue();
                if (!line.demands.isEmpty()) {
                    long wait = line.notBefore - now;
                    if (wait <= 0) {
                        return asked(each.getKey(), line);
                    }
                    soonest = Math.min(soonest, wait);
                }
            }
            if (soonest == Long.MAX_VALUE) {
                wait();
            } else {
                wait(TimeUnit.NANOSECONDS.toMillis(soonest) + 1);
            }
        }
        return null;
    }

    private Asked asked(String group, Line line) {
        lines.remove(group);
        lines.put(group, line);
        return new Asked(group, List.copyOf(line.demands), calls);
    }

    /** Leaves the group alone for a while, unless it was called since it was asked for. */
    synchronized void rest(Asked asked, Duration pause) {
        Line line = lines.get(asked.group());
        if (line != null && calls == asked.calls()) {
            line.notBefore = System.nanoTime() + pause.toNanos();
        }
    }

    /** These are being served: they do not wait any more. */
    synchronized void served(String group, List<Demand> demands) {
        Line line = lines.get(group);
        if (line != null) {
            line.demands.removeAll(demands);
        }
    }

    /** How many deliveries a group's members ask for, as far as that is known now. */
    synchronized int demand(String group, int most) {
        Line line = lines.get(group);
        return line == null || line.demands.isEmpty()
                ? 0
                : new Asked(group, List.copyOf(line.demands), calls).number(most);
    }

    /** Nobody is served any more. */
    void close() {
        List<Demand> left = new ArrayList<>();
        synchronized (this) {
            closed = true;
            lines.values().forEach(line -> left.addAll(line.demands));
            lines.clear();
            notifyAll();
        }
        left.forEach(demand -> demand.result().complete(List.of()));
    }
}
