package dev.slackline.queue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks a broker again and again while it cannot be reached, up to a limit. */
final class Insistence<T> {

    /** For the answer of a backend whose opening has taken all the time there was. */
    private static final Duration LEAST = Duration.ofMillis(500);

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final Queue queue;
    private final Supplier<? extends CompletionStage<T>> call;
    private final Duration limit;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private volatile @Nullable Throwable lastFailure;

    private Insistence(Queue queue, Duration limit, Supplier<? extends CompletionStage<T>> call) {
        this.queue = queue;
        this.limit = limit.compareTo(LEAST) < 0 ? LEAST : limit;
        this.call = call;
    }

    /**
     * Completes with the first answer. Fails with what only a person can mend, and with a {@link
     * QueueConnectionException} when the limit is reached.
     */
    static <T> CompletableFuture<T> on(Queue queue, Duration limit, Supplier<? extends CompletionStage<T>> call) {
        Insistence<T> insistence = new Insistence<>(queue, limit, call);
        insistence.attempt(FIRST_PAUSE_MILLIS);
        if (!insistence.result.isDone()) { // not the queue's timer, which stops when the queue is closed
            CompletableFuture.delayedExecutor(TimeUnit.NANOSECONDS.convert(insistence.limit), TimeUnit.NANOSECONDS)
                    .execute(insistence::timeUp);
        }
        return insistence.result;
    }

    private void attempt(long pauseMillis) {
        if (result.isDone()) {
            return;
        }
        CompletionStage<T> answer;
        try {
            answer = call.get();
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedStage(e);
        }
        answer.whenComplete((value, error) -> {
            if (error == null) {
                result.complete(value);
            } else {
                failed(pauseMillis, error);
            }
        });
    }

    private void failed(long pauseMillis, Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        lastFailure = cause;
        if (!(cause instanceof QueueException known) || !known.retryable()) {
            result.completeExceptionally(cause);
        } else if (!queue.later(() -> attempt(Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS)), pauseMillis)) {
            result.completeExceptionally(queue.closedException());
        }
    }

    private void timeUp() {
        if (queue.isClosed()) {
            result.completeExceptionally(queue.closedException());
            return;
        }
        Throwable cause = lastFailure;
        String backend = queue.capabilities().backend();
        result.completeExceptionally(new QueueConnectionException(
                cause == null ? backend + " did not answer in time; " + whatToDo() : String.valueOf(cause.getMessage()),
                backend,
                queue.backend().topic(),
                true,
                cause));
    }

    /** A backend that is still trying may know already why it does not get on. */
    private String whatToDo() {
        Status status = queue.backend().status();
        return status.state() == Status.State.DOWN
                ? status.reason()
                : "is it running at " + status.reason() + ", where the settings say?";
    }
}
