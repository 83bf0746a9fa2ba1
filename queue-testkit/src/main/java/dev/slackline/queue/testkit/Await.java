package dev.slackline.queue.testkit;

import dev.slackline.queue.config.Durations;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for conditions, always with a bound: tests never sleep for a time and hope. */
public final class Await {

    private static final String BOUND_PROPERTY = "slackline.compliance.bound";

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private Await() {}

    /**
     * How long anything may take that should happen at once, on a busy machine: 15 seconds, or what the system property
     * {@code slackline.compliance.bound} says.
     */
    public static Duration bound() {
        return Durations.parse(System.getProperty(BOUND_PROPERTY, "15s"));
    }

    /**
     * Waits until the condition is true, at most {@link #bound()}.
     *
     * @param what the condition in words, for the failure
     * @throws AssertionError if it is still false when the time is up
     */
    public static void until(String what, BooleanSupplier condition) {
        until(() -> what, bound(), condition);
    }

    /** {@link #until(String, BooleanSupplier)} with a bound of its own, and words that are found when it fails. */
    public static void until(Supplier<String> what, Duration bound, BooleanSupplier condition) {
        if (!within(bound, condition)) {
            throw new AssertionError("not within " + bound.toMillis() + " ms: " + what.get());
        }
    }

    /**
     * Watches that the condition stays true for a while.
     *
     * @throws AssertionError as soon as it is false
     */
    public static void holds(String what, Duration period, BooleanSupplier condition) {
        if (within(period, () -> !condition.getAsBoolean())) {
            throw new AssertionError("no longer so: " + what);
        }
    }

    /**
     * Waits for a stage, at most {@link #bound()}.
     *
     * @return its result
     * @throws RuntimeException the failure of the stage, if it is one
     * @throws AssertionError if it is not complete when the time is up, or failed with something else
     */
    public static <T extends @Nullable Object> T result(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(bound().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (cause(e) instanceof RuntimeException failure) {
                throw failure;
            }
            throw new AssertionError("failed: " + cause(e), e);
        } catch (TimeoutException e) {
            throw new AssertionError("not complete within " + bound().toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
    }

    /**
     * Waits for a stage to fail, at most {@link #bound()}.
     *
     * @return why it failed
     * @throws AssertionError if it completed normally, or not at all
     */
    public static Throwable failure(String what, CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().get(bound().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return cause(e);
        } catch (TimeoutException e) {
            throw new AssertionError("neither failed nor completed: " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
        throw new AssertionError("completed normally, and should have failed: " + what);
    }

    private static boolean within(Duration bound, BooleanSupplier condition) {
        long deadline = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null
                ? failure
                : cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
    }
}
