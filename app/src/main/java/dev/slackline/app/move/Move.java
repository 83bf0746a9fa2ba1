package dev.slackline.app.move;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Feature;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueListener;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Moves what waits in the groups of one queue, and their dead letters, to another. It may be stopped or killed at any moment:
 * what the target has not confirmed is still in the source, and the next move goes on with it. Used once, by one thread.
 */
public final class Move {

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration PROGRESS = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    /** So long an estimate of nothing must stand: a broker may be about to give back what a dead consumer held. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    private final Duration idle;
    private final Consumer<String> say;
    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final Map<String, MovingGroup> groups = new ConcurrentSkipListMap<>();

    /**
     * Prepares it.
     *
     * @param idle after how long without a message to end although something waits: delayed, or held by somebody
     * @param say is told how it goes, for people
     */
    public Move(Duration idle, Consumer<String> say) {
        this.idle = idle;
        this.say = say;
    }

    /** What the source must be opened with: it hears which messages the source has let go of. */
    public QueueListener listener() {
        return new QueueListener() {
            @Override
            public void settled(String group, Delivery delivery, Outcome outcome) {
                MovingGroup moving = groups.get(group);
                if (moving != null && outcome == Outcome.ACKED) {
                    moving.acknowledged(delivery.message().id());
                }
            }
        };
    }

    /**
     * Moves until nothing is left, nothing has come for a while, or somebody asks to stop.
     *
     * @param source opened with {@link #listener()}
     * @param target one that has {@link Feature#RESTORE}
     * @param asked completes when somebody asks to stop
     * @throws QueueException if one of them refuses for good
     */
    public MoveLedger run(Queue source, Queue target, CompletionStage<Void> asked) {
        asked.thenRun(() -> stop.complete(null));
        Target to = new Target(target, stop, idle, say);
        say.accept("Moving from " + place(source) + " to " + place(target));
        try {
            watch(source, target, to);
        } finally {
            groups.values().forEach(MovingGroup::close);
        }
        groups.values().forEach(MovingGroup::rethrow);
        if (!stop.isDone()) {
            groups.values().forEach(MovingGroup::moveDead);
        }
        return new MoveLedger(groups.values().stream()
                .map(group -> group.line(stats(source, group.name())))
                .toList());
    }

    private void watch(Queue source, Queue target, Target to) {
        boolean exact = source.capabilities().has(Feature.EXACT_STATS);
        long begun = System.nanoTime();
        long lastMoved = begun;
        long lastSaid = begun;
        long before = 0;
        while (!stop.isDone()) {
            Long waiting = retried(() -> waiting(source, target, to));
            long moved = sum(MovingGroup::moved);
            if (moved != before) {
                lastMoved = System.nanoTime();
                before = moved;
            }
            boolean nothingLeft =
                    waiting != null && waiting <= sum(MovingGroup::refused) && sum(MovingGroup::underWay) == 0;
            if (nothingLeft && (exact || isOver(QUIET, lastMoved))) {
                return;
            }
            if (isOver(idle, lastMoved)) {
                say.accept("Nothing has come for " + idle.toSeconds()
                        + " s; what is left is delayed, or held by another consumer.");
                return;
            }
            if (isOver(PROGRESS, lastSaid)) {
                lastSaid = System.nanoTime();
                say.accept(progress(moved, waiting, (lastSaid - begun) / 1e9));
            }
            pause();
        }
    }

    /** How much waits in the source. What was declared there and is not on its way yet is begun, and the target has it first. */
    private long waiting(Queue source, Queue target, Target to) {
        long waiting = 0;
        for (String name : answer(source.groups())) {
            if (!groups.containsKey(name)) {
                answer(target.group(name).declare());
                MovingGroup group = new MovingGroup(name, source, to);
                groups.put(name, group);
                group.start().exceptionally(error -> {
                    stop.complete(null);
                    return null;
                });
            }
            waiting += stats(source, name).waiting();
        }
        return waiting;
    }

    private static String place(Queue queue) {
        return queue.capabilities().backend() + " (" + queue.status().reason() + ")";
    }

    private static GroupStats stats(Queue source, String group) {
        return answer(source.group(group).stats());
    }

    private long sum(ToLongFunction<MovingGroup> figure) {
        return groups.values().stream().mapToLong(figure).sum();
    }

    private static String progress(long moved, @Nullable Long waiting, double seconds) {
        return String.format(
                Locale.ROOT,
                "moved %,d messages in %.0f s; %s wait",
                moved,
                seconds,
                waiting == null ? "nobody knows how many" : String.format(Locale.ROOT, "%,d", waiting));
    }

    private void pause() {
        try {
            stop.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // the next look
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.complete(null);
        }
    }

    private static boolean isOver(Duration time, long since) {
        return System.nanoTime() - since >= time.toNanos();
    }

    private static <T> T answer(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .copy()
                .orTimeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** Null while the broker is away: it is asked again. */
    private static @Nullable Long retried(Supplier<Long> question) {
        try {
            return question.get();
        } catch (CompletionException e) {
            boolean passing = e.getCause() instanceof TimeoutException
                    || (e.getCause() instanceof QueueException known && known.retryable());
            if (!passing) {
                throw e;
            }
            return null;
        }
    }
}
