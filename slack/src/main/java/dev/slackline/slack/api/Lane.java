package dev.slackline.slack.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one method for one workspace, by channel. Each channel is first come, first served; the channels take
 * turns. Times are those of the {@link Alarm}. Not thread-safe: its limiter locks.
 */
final class Lane {

    private static final long NEVER = Long.MAX_VALUE;

    private final Limit limit;
    /** In the order of their turns; none is empty. */
    private final Map<String, ArrayDeque<WaitingCall>> channels = new LinkedHashMap<>();

    private final Map<String, Pace> paces = new HashMap<>();
    private final ArrayDeque<Long> started = new ArrayDeque<>();
    private boolean paused;
    private long pausedUntil;
    private int waiting;

    Lane(Limit limit) {
        this.limit = limit;
    }

    int waiting() {
        return waiting;
    }

    /** Whether it may be forgotten. */
    boolean isIdle(long now) {
        tidy(now);
        return waiting == 0 && !paused && started.isEmpty() && paces.isEmpty();
    }

    void add(WaitingCall call) {
        channels.computeIfAbsent(call.channel(), name -> new ArrayDeque<>()).addLast(call);
        waiting++;
    }

    /** Whether a call waits. */
    boolean holds(WaitingCall call) {
        ArrayDeque<WaitingCall> calls = channels.get(call.channel());
        return calls != null && calls.contains(call);
    }

    /** Takes out a call that is given up. @return whether it was still waiting */
    boolean remove(WaitingCall call) {
        ArrayDeque<WaitingCall> calls = channels.get(call.channel());
        if (calls == null || !calls.remove(call)) {
            return false;
        }
        if (calls.isEmpty()) {
            channels.remove(call.channel());
        }
        waiting--;
        return true;
    }

    /** Puts back what Slack has refused, before all others of its channel. */
    void putBack(WaitingCall call) {
        channels.computeIfAbsent(call.channel(), name -> new ArrayDeque<>()).addFirst(call);
        waiting++;
    }

    /** Slack wants no call before then. */
    void pause(long until) {
        pausedUntil = paused && pausedUntil - until > 0 ? pausedUntil : until;
        paused = true;
    }

    /** How long it is paused for, in nanoseconds; 0 if it is not. */
    long pausedFor(long now) {
        tidy(now);
        return paused ? pausedUntil - now : 0;
    }

    /** Takes out those that cannot be started before their deadline. */
    List<WaitingCall> removeLate(long now) {
        tidy(now);
        long earliest = paused ? pausedUntil : now;
        List<WaitingCall> late = new ArrayList<>();
        for (Iterator<ArrayDeque<WaitingCall>> all = channels.values().iterator(); all.hasNext(); ) {
            ArrayDeque<WaitingCall> calls = all.next();
            for (WaitingCall call = calls.peek(); call != null && call.deadline() - earliest <= 0; ) {
                late.add(calls.remove());
                waiting--;
                call = calls.peek();
            }
            if (calls.isEmpty()) {
                all.remove();
            }
        }
        return late;
    }

    /** Takes out the next call that may start now and counts it as started; null if there is none. */
    @Nullable
    WaitingCall next(long now) {
        tidy(now);
        if (paused || started.size() >= limit.perMinute()) {
            return null;
        }
        for (Map.Entry<String, ArrayDeque<WaitingCall>> turn : channels.entrySet()) {
            if (!paces.containsKey(turn.getKey())) {
                return take(turn.getKey(), turn.getValue(), now);
            }
        }
        return null;
    }

    /** A call has been answered: the next of its channel may follow. */
    void answered(WaitingCall call, long now) {
        Pace pace = paces.get(call.channel());
        if (pace != null) {
            pace.underWay = false;
        }
        tidy(now);
    }

    /** When to look again, be it to start a call or to give one up; {@link Long#MAX_VALUE} when an answer will tell. */
    long nextLook(long now) {
        if (waiting == 0) {
            return NEVER;
        }
        long wait = NEVER;
        if (paused) {
            wait = pausedUntil - now;
        } else if (started.size() >= limit.perMinute()) {
            wait = started.element() + Limit.WINDOW.toNanos() - now;
        }
        long pace = NEVER;
        long late = NEVER;
        for (Map.Entry<String, ArrayDeque<WaitingCall>> channel : channels.entrySet()) {
            late = Math.min(late, channel.getValue().element().deadline() - now);
            Pace ofChannel = paces.get(channel.getKey());
            if (ofChannel != null && !ofChannel.underWay) {
                pace = Math.min(pace, ofChannel.freeAt - now);
            }
        }
        long soonest = Math.min(late, wait == NEVER ? pace : wait);
        return soonest == NEVER ? NEVER : now + Math.max(0, soonest);
    }

    List<WaitingCall> removeAll() {
        List<WaitingCall> all = new ArrayList<>();
        channels.values().forEach(all::addAll);
        channels.clear();
        waiting = 0;
        return all;
    }

    private WaitingCall take(String channel, ArrayDeque<WaitingCall> calls, long now) {
        WaitingCall call = calls.remove();
        waiting--;
        channels.remove(channel);
        if (!calls.isEmpty()) {
            channels.put(channel, calls); // its next turn comes after all others
        }
        started.addLast(now);
        if (limit.isPaced()) {
            paces.put(channel, new Pace(now + limit.pause().toNanos()));
        }
        return call;
    }

    /** Forgets what holds nobody back any more. */
    private void tidy(long now) {
        long before = now - Limit.WINDOW.toNanos();
        for (Long first = started.peek(); first != null && first - before <= 0; first = started.peek()) {
            started.remove();
        }
        if (paused && pausedUntil - now <= 0) {
            paused = false;
        }
        paces.values().removeIf(pace -> !pace.underWay && pace.freeAt - now <= 0);
    }

    /** A channel that has just been posted to. */
    private static final class Pace {

        private final long freeAt;
        private boolean underWay = true;

        Pace(long freeAt) {
            this.freeAt = freeAt;
        }
    }
}
