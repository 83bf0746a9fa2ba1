package dev.slackline.app.serve;

import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Declares the groups of {@code QUEUE_GROUPS}, however long it takes the broker to be there. Before that nothing may be
 * taken from Slack: those groups would miss it. Thread-safe.
 */
public final class Declaration {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Queue queue;
    private final Consumer<String> tell;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile String obstacle = "it has not answered yet";
    private volatile boolean told;

    private Declaration(Queue queue, Consumer<String> tell) {
        this.queue = queue;
        this.tell = tell;
    }

    /**
     * Starts to declare.
     *
     * @param tell is told once when it takes longer, and why
     */
    public static Declaration start(Queue queue, Consumer<String> tell) {
        Declaration declaration = new Declaration(queue, tell);
        declaration.attempt(FIRST_PAUSE);
        return declaration;
    }

    /** Completes when the groups are declared; fails with what nothing but a person mends. */
    public CompletionStage<Void> done() {
        return done.copy();
    }

    /** Whether the groups are declared. */
    boolean isDone() {
        return done.isDone() && !done.isCompletedExceptionally();
    }

    /** Why they are not declared yet. */
    String obstacle() {
        return obstacle;
    }

    private void attempt(Duration pause) {
        declared()
                .orTimeout(queue.settings().publishTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((nothing, error) -> {
                    if (error == null) {
                        done.complete(null);
                    } else {
                        failed(
                                error instanceof CompletionException && error.getCause() != null
                                        ? error.getCause()
                                        : error,
                                pause);
                    }
                });
    }

    private CompletableFuture<Void> declared() {
        try {
            return CompletableFuture.allOf(queue.settings().groups().stream()
                    .map(name -> queue.group(name).declare().toCompletableFuture())
                    .toArray(CompletableFuture<?>[]::new));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void failed(Throwable cause, Duration pause) {
        boolean mayPass =
                cause instanceof TimeoutException || (cause instanceof QueueException known && known.retryable());
        if (!mayPass) {
            done.completeExceptionally(cause);
            return;
        }
        obstacle = cause instanceof TimeoutException ? "it does not answer" : String.valueOf(cause.getMessage());
        if (!told) {
            told = true;
            tell.accept("Waiting for the queue, and answering Slack 503 meanwhile: " + obstacle);
        }
        Duration next = pause.multipliedBy(2);
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> attempt(next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next));
    }
}
