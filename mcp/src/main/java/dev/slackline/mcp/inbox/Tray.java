package dev.slackline.mcp.inbox;

import dev.slackline.mcp.inbox.Interest.Found;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueClosedException;
import dev.slackline.slack.event.SlackEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What this process has of one group: asks the queue for deliveries while a call waits for some, gives them to the calls
 * that they are for, and gives back the rest. Nothing is asked for while nobody waits. Thread-safe.
 *
 * <p>What matches nobody, or was seen and not taken, stays at hand for a moment and is then released, which burns no
 * attempt. After that nothing is asked for during a pause, so that other members of the group get it.
 */
final class Tray {

    /** How much is at hand at most; a filter sees no further. */
    static final int LOOKAHEAD = 64;

    private static final Duration MAX_HOLD = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration GATHER = Duration.ofMillis(50);
    /** How long a member stays that nobody needs; to join anew is costly on some brokers. */
    private static final Duration LINGER = Duration.ofSeconds(10);

    private final Queue queue;
    private final String group;
    private final Predicate<SlackEvent> work;
    private final ScheduledExecutorService timer;
    private final long holdNanos;

    // Guarded by this.
    private final List<Held> atHand = new ArrayList<>();
    private final List<Interest> interests = new ArrayList<>();
    private @Nullable Member member;
    private int claimed;
    private long neededAt = System.nanoTime();
    private long pausedUntil = System.nanoTime();
    private boolean closed;

    /** @param work what is for anybody here; everything else is acknowledged */
    Tray(Queue queue, String group, Predicate<SlackEvent> work, ScheduledExecutorService timer) {
        this.queue = queue;
        this.group = group;
        this.work = work;
        this.timer = timer;
        Duration quarter = queue.settings().lease().dividedBy(4);
        this.holdNanos = (quarter.compareTo(MAX_HOLD) < 0 ? quarter : MAX_HOLD).toNanos();
    }

    String group() {
        return group;
    }

    /**
     * Completes with what is there for the filter as soon as there is something, else with nothing when the time is up.
     * Cancelling it ends that.
     */
    CompletableFuture<Found> look(Filter filter, Duration wait) {
        return serve(Interest.looking(filter), wait);
    }

    /** Takes up to so many; completes as {@link #look} does. Each one taken must be {@link #settled} some time. */
    CompletableFuture<Found> take(Filter filter, int most, Duration wait) {
        return serve(Interest.taking(filter, most), wait);
    }

    /** One that was taken is off our hands. */
    void settled() {
        change(effects -> claimed--);
    }

    /** What was fetched and is not taken. */
    synchronized List<Held> atHand() {
        return List.copyOf(atHand);
    }

    /** Gives back what nobody wanted, and leaves the group if nobody wants anything. */
    void tick(long now) {
        change(effects -> {
            Iterator<Held> each = atHand.iterator();
            while (each.hasNext()) {
                Held held = each.next();
                if (now - held.since() >= holdNanos) {
                    each.remove();
                    release(held, effects);
                    pausedUntil = interests.isEmpty() ? pausedUntil : now + PAUSE.toNanos();
                }
            }
            Member idle = member;
            boolean needed = !interests.isEmpty() || !atHand.isEmpty() || claimed > 0;
            if (needed) {
                neededAt = now;
            } else if (idle != null && now - neededAt > LINGER.toNanos()) {
                member = null;
                effects.add(idle::cancel);
            }
        });
    }

    /** Gives back what is at hand, and fails the calls that wait. */
    void close() {
        change(effects -> {
            closed = true;
            atHand.forEach(held -> release(held, effects));
            atHand.clear();
            Member current = member;
            member = null;
            if (current != null) {
                effects.add(current::cancel);
            }
            failAll(closedException(), effects);
        });
    }

    private CompletableFuture<Found> serve(Interest interest, Duration wait) {
        change(effects -> {
            if (closed) {
                effects.add(() -> interest.result().completeExceptionally(closedException()));
                return;
            }
            atHand.removeIf(interest::take);
            interests.add(interest);
        });
        Future<?> end = later(() -> change(effects -> finish(interest, effects)), wait);
        interest.result().whenComplete((found, error) -> {
            end.cancel(false);
            if (error instanceof CancellationException) {
                change(effects -> withdraw(interest, effects));
            }
        });
        return interest.result();
    }

    private void withdraw(Interest interest, List<Runnable> effects) {
        if (interests.remove(interest)) {
            interest.taken().forEach(held -> release(held, effects));
        }
    }

    private void arrived(Member from, Delivery delivery) {
        change(effects -> {
            from.asked--;
            Held held = Held.now(delivery);
            if (!work.test(held.event())) {
                effects.add(delivery::ack); // if that fails, it comes again, and is again no work
                return;
            }
            if (interests.stream().anyMatch(interest -> interest.take(held))) {
                return;
            }
            boolean paused = held.since() - pausedUntil < 0;
            boolean seen = interests.stream().anyMatch(interest -> interest.matches(held));
            if (seen || (!interests.isEmpty() && !paused)) {
                atHand.add(held);
            } else {
                release(held, effects);
            }
        });
    }

    private void failed(Member from, Throwable cause) {
        change(effects -> {
            if (member == from) {
                member = null;
                failAll(cause, effects);
            }
        });
    }

    /** Changes the state, and then does outside the lock what follows from it. */
    private void change(Consumer<List<Runnable>> step) {
        List<Runnable> effects = new ArrayList<>();
        synchronized (this) {
            step.accept(effects);
            finishServed(effects);
            ask(effects);
        }
        effects.forEach(Runnable::run);
    }

    private void finishServed(List<Runnable> effects) {
        for (Interest interest : List.copyOf(interests)) {
            boolean served =
                    interest.takes() ? interest.isFull() : atHand.stream().anyMatch(interest::matches);
            if (served) {
                finish(interest, effects);
            } else if (interest.startsGathering()) {
                effects.add(() -> later(() -> change(more -> finish(interest, more)), GATHER));
            }
        }
    }

    private void finish(Interest interest, List<Runnable> effects) {
        if (!interests.remove(interest)) {
            return;
        }
        List<Held> matching = atHand.stream().filter(interest::matches).toList();
        List<Held> events = interest.takes() ? interest.taken() : matching;
        claimed += interest.taken().size();
        Found found = new Found(events, atHand.size() - matching.size());
        effects.add(() -> complete(() -> interest.result().complete(found)));
    }

    private void failAll(Throwable cause, List<Runnable> effects) {
        for (Interest interest : interests) {
            interest.taken().forEach(held -> release(held, effects));
            effects.add(() -> interest.result().completeExceptionally(cause));
        }
        interests.clear();
    }

    private void ask(List<Runnable> effects) {
        if (closed || interests.isEmpty() || System.nanoTime() - pausedUntil < 0) {
            return;
        }
        int wanted = Math.min(interests.stream().mapToInt(Interest::demand).sum(), LOOKAHEAD - atHand.size());
        if (wanted <= 0) {
            return;
        }
        Member current = member;
        if (current == null) {
            Member joining = new Member();
            member = joining;
            effects.add(() -> queue.consume(group).subscribe(joining));
        } else if (current.subscription != null && current.asked < wanted) {
            Flow.Subscription to = current.subscription;
            int missing = wanted - current.asked;
            current.asked = wanted;
            effects.add(() -> to.request(missing));
        }
    }

    private static void release(Held held, List<Runnable> effects) {
        effects.add(held.delivery()::release); // if that fails, the lease runs out
    }

    /** Runs what depends on a result on our own threads: those of the queue must not be held up. */
    private void complete(Runnable completion) {
        try {
            timer.execute(completion);
        } catch (RejectedExecutionException e) {
            completion.run();
        }
    }

    private Future<?> later(Runnable task, Duration delay) {
        try {
            return timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(null); // closed: every call that waits has failed
        }
    }

    private QueueClosedException closedException() {
        return new QueueClosedException(queue.capabilities().backend(), group);
    }

    /** One subscription; there may be another after it. */
    private final class Member implements Flow.Subscriber<Delivery> {

        // Guarded by the tray.
        private Flow.@Nullable Subscription subscription;
        private int asked;

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            change(effects -> {
                subscription = newSubscription;
                if (member != this) {
                    effects.add(newSubscription::cancel);
                }
            });
        }

        @Override
        public void onNext(Delivery delivery) {
            arrived(this, delivery);
        }

        @Override
        public void onError(Throwable cause) {
            failed(this, cause);
        }

        @Override
        public void onComplete() {
            failed(this, closedException());
        }

        void cancel() {
            Flow.Subscription current;
            synchronized (Tray.this) {
                current = subscription;
            }
            if (current != null) {
                current.cancel();
            }
        }
    }
}
