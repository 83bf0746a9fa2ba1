package dev.slackline.backend.postgres;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Something that a {@link Lane} does together with others, and who waits for it.
 *
 * @param <T> what its caller is told
 */
abstract class Pending<T> {

    final CompletableFuture<T> result = new CompletableFuture<>();
    private @Nullable Throwable failure;
    private @Nullable T value;

    /** About how many bytes it is, which bounds a batch. */
    int bytes() {
        return 0;
    }

    /** Called before the caller is told that it failed. */
    void gaveUp() {}

    /** What the caller will be told. */
    final void done(@Nullable T newValue) {
        value = newValue;
    }

    /** The caller will be told that it failed. */
    final void failed(Throwable cause) {
        failure = cause;
    }

    /** Tells the caller. */
    final void tell() {
        Throwable cause = failure;
        if (cause != null) {
            gaveUp();
            result.completeExceptionally(cause);
        } else {
            result.complete(value);
        }
    }
}
