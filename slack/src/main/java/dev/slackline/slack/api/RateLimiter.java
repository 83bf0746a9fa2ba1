package dev.slackline.slack.api;

import dev.slackline.slack.api.SlackApiException.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts calls no earlier than Slack takes them: by method and workspace, and by channel where Slack counts those. What has
 * to wait is kept, up to a bound; no thread waits with it. A 429 holds back the method in that workspace and nothing else,
 * and its call is tried again. Thread-safe.
 */
final class RateLimiter implements AutoCloseable {

    private static final int MANY_LANES = 1_000;

    private final Limits limits;
    private final Alarm alarm;
    private final Duration maxWait;
    private final int maxWaiting;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Place, Lane> lanes = new HashMap<>();
    private final Map<Place, Long> looks = new HashMap<>();
    private int sweepAt = MANY_LANES;
    private boolean closed;

    private final ConcurrentLinkedQueue<Runnable> todo = new ConcurrentLinkedQueue<>();
    private final AtomicInteger doing = new AtomicInteger();

    /**
     * A limiter.
     *
     * @param maxWait after how long of waiting a call fails
     * @param maxWaiting how many calls of one method wait for one workspace
     */
    RateLimiter(Limits limits, Alarm alarm, Duration maxWait, int maxWaiting) {
        this.limits = limits;
        this.alarm = alarm;
        this.maxWait = maxWait;
        this.maxWaiting = maxWaiting;
    }

    /** What Slack counts together. */
    private record Place(String workspace, String method) {}

    /** {@link #run(String, String, String, Duration, Supplier)} that waits as long as any may. */
    CompletableFuture<Map<String, Object>> run(
            String workspace, String method, String channel, Supplier<CompletableFuture<Map<String, Object>>> sending) {
        return run(workspace, method, channel, maxWait, sending);
    }

    /**
     * Sends a call as soon as it may be sent.
     *
     * @param patience after how long of waiting it fails, if that is sooner than for others
     * @return fails with a {@link SlackApiException}
     */
    CompletableFuture<Map<String, Object>> run(
            String workspace,
            String method,
            String channel,
            Duration patience,
            Supplier<CompletableFuture<Map<String, Object>>> sending) {
        if (patience.isNegative() || patience.isZero()) {
            return CompletableFuture.failedFuture(tooLate(method, Duration.ZERO));
        }
        boolean hurries = patience.compareTo(maxWait) < 0;
        WaitingCall call =
                new WaitingCall(method, channel, alarm.now() + (hurries ? patience : maxWait).toNanos(), sending);
        Place place = new Place(workspace, method);
        lock.lock();
        try {
            Lane lane = lanes.computeIfAbsent(place, name -> new Lane(limits.of(method)));
            if (closed) {
                return failed(method, SlackApiException.CLOSED);
            }
            if (lane.waiting() >= maxWaiting) {
                return failed(method, SlackApiException.TOO_MANY_WAITING);
            }
            lane.add(call);
            startWhatMayStart(place, lane);
            if (hurries && lane.holds(call)) { // a lane looks at the first of each channel only
                alarm.at(call.deadline(), () -> giveUp(place, call));
            }
            forgetIdleLanes();
        } finally {
            lock.unlock();
        }
        doTodo();
        return call.answer();
    }

    /** Fails what waits. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            lanes.values().forEach(lane -> lane.removeAll().forEach(call -> fail(call, closedFailure(call.method()))));
        } finally {
            lock.unlock();
        }
        alarm.close();
        doTodo();
    }

    /** The lock is held. */
    private void startWhatMayStart(Place place, Lane lane) {
        long now = alarm.now();
        Duration pause = Duration.ofNanos(lane.pausedFor(now));
        lane.removeLate(now).forEach(call -> fail(call, tooLate(call.method(), pause)));
        for (WaitingCall call = lane.next(now); call != null; call = lane.next(now)) {
            WaitingCall started = call;
            todo.add(() -> started.send().whenComplete((answer, error) -> answered(place, started, answer, error)));
        }
        lookAgain(place, lane.nextLook(now));
    }

    /** One look at a time is enough, the earliest. The lock is held. */
    private void lookAgain(Place place, long when) {
        Long planned = looks.get(place);
        if (when != Long.MAX_VALUE && (planned == null || planned - when > 0)) {
            looks.put(place, when);
            alarm.at(when, () -> look(place, when));
        }
    }

    private void look(Place place, long planned) {
        lock.lock();
        try {
            looks.remove(place, planned);
            Lane lane = lanes.get(place);
            if (lane != null) {
                startWhatMayStart(place, lane);
            }
        } finally {
            lock.unlock();
        }
        doTodo();
    }

    private void giveUp(Place place, WaitingCall call) {
        lock.lock();
        try {
            Lane lane = lanes.get(place);
            if (lane != null && lane.remove(call)) {
                fail(call, tooLate(call.method(), Duration.ofNanos(lane.pausedFor(alarm.now()))));
            }
        } finally {
            lock.unlock();
        }
        doTodo();
    }

    private void answered(
            Place place, WaitingCall call, @Nullable Map<String, Object> answer, @Nullable Throwable error) {
        SlackApiException failure = error == null ? null : Responses.failure(call.method(), error);
        lock.lock();
        try {
            long now = alarm.now();
            Lane lane = lanes.computeIfAbsent(place, name -> new Lane(limits.of(place.method())));
            lane.answered(call, now);
            Duration retryAfter = failure == null ? null : failure.retryAfter();
            if (retryAfter != null) {
                lane.pause(now + retryAfter.toNanos());
            }
            if (failure == null) {
                todo.add(() -> call.answer().complete(answer));
            } else if (retryAfter != null && !closed && call.deadline() - now > retryAfter.toNanos()) {
                lane.putBack(call);
            } else {
                fail(call, failure);
            }
            startWhatMayStart(place, lane);
        } finally {
            lock.unlock();
        }
        doTodo();
    }

    private void fail(WaitingCall call, SlackApiException failure) {
        todo.add(() -> call.answer().completeExceptionally(failure));
    }

    /** Runs what others wrote, outside the lock, and never from within itself: answers that come at once would nest. */
    private void doTodo() {
        if (doing.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        while (seen != 0) {
            for (Runnable task = todo.poll(); task != null; task = todo.poll()) {
                task.run();
            }
            seen = doing.addAndGet(-seen);
        }
    }

    private void forgetIdleLanes() {
        if (lanes.size() > sweepAt) {
            long now = alarm.now();
            List<Place> idle = new ArrayList<>();
            lanes.forEach((place, lane) -> {
                if (lane.isIdle(now)) {
                    idle.add(place);
                }
            });
            idle.forEach(lanes::remove);
            sweepAt = Math.max(MANY_LANES, 2 * lanes.size());
        }
    }

    private static SlackApiException tooLate(String method, Duration pause) {
        return SlackApiException.answered(
                method, SlackApiException.RATE_LIMITED, "", "", pause.isZero() ? null : pause);
    }

    private static SlackApiException closedFailure(String method) {
        return SlackApiException.failed(method, SlackApiException.CLOSED, Outcome.UNSENT, null);
    }

    private static CompletableFuture<Map<String, Object>> failed(String method, String error) {
        return CompletableFuture.failedFuture(SlackApiException.failed(method, error, Outcome.UNSENT, null));
    }
}
