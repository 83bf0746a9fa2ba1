package dev.slackline.app.move;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where everything goes. What it cannot take now it is given again, until it takes it or the move ends. Thread-safe. */
final class Target {

    private static final Duration AGAIN = Duration.ofMillis(500);

    /** What became of one message or dead letter. */
    enum Answer {
        /** It is durable in the target. */
        STORED,
        /** It was durable there before. */
        THERE,
        /** The target will never take it; whoever asked was told why. */
        REFUSED,
        /** The move has ended before the target took it. */
        STOPPED
    }

    private final Queue queue;
    private final CompletableFuture<Void> stop;
    private final Duration patience;
    private final Consumer<String> say;
    private @Nullable Long awaySince; // guarded by this; by System.nanoTime

    /**
     * Gives up when {@code stop} completes, and completes it when the target has taken nothing for too long.
     *
     * @param patience how long it may be away
     */
    Target(Queue queue, CompletableFuture<Void> stop, Duration patience, Consumer<String> say) {
        this.queue = queue;
        this.stop = stop;
        this.patience = patience;
        this.say = say;
    }

    /** Whether it is asked nothing more. */
    boolean isGivenUp() {
        return stop.isDone();
    }

    /** Stores a message for one group, at the attempt that was due; at the last one where it had more than there are. */
    Answer take(String group, Delivery delivery) {
        Group to = queue.group(group);
        int attempt = Math.min(delivery.attempt(), queue.settings().maxAttempts());
        String what = "the message " + delivery.message().id() + " of group " + group;
        return insist(what, () -> inTime(to.restore(delivery.message(), attempt, delivery.deaths())));
    }

    /** Stores a dead letter. */
    Answer take(DeadLetter letter) {
        String what = "the dead letter " + letter.message().id() + " of group " + letter.group();
        return insist(what, () -> begin(letter));
    }

    /** Begins to store a dead letter; one that fails may be tried again with {@link #take(DeadLetter)}. */
    CompletableFuture<Boolean> begin(DeadLetter letter) {
        return inTime(queue.group(letter.group()).deadLetters().restore(letter));
    }

    private Answer insist(String what, Supplier<CompletableFuture<Boolean>> call) {
        while (!stop.isDone()) {
            try {
                boolean stored = call.get().join();
                answered();
                return stored ? Answer.STORED : Answer.THERE;
            } catch (CompletionException | QueueException e) {
                Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
                if (!(cause instanceof TimeoutException)
                        && !(cause instanceof QueueException known && known.retryable())) {
                    say.accept(backend() + " refuses " + what + ": " + cause.getMessage());
                    return Answer.REFUSED;
                }
                failed(cause);
                pause();
            }
        }
        return Answer.STOPPED;
    }

    private CompletableFuture<Boolean> inTime(CompletionStage<Boolean> stored) {
        Duration limit = queue.settings().publishTimeout();
        return stored.toCompletableFuture().copy().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void failed(Throwable cause) {
        if (awaySince != null && System.nanoTime() - awaySince >= patience.toNanos()) {
            stop.complete(null);
        }
        if (awaySince == null) {
            awaySince = System.nanoTime();
            say.accept(backend() + " takes nothing now and is tried again: "
                    + (cause instanceof TimeoutException ? "no answer in time" : cause.getMessage()));
        }
    }

    private synchronized void answered() {
        if (awaySince != null) {
            awaySince = null;
            say.accept(backend() + " takes messages again.");
        }
    }

    private void pause() {
        try {
            stop.get(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // tried again
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.complete(null);
        }
    }

    private String backend() {
        return queue.capabilities().backend();
    }
}
