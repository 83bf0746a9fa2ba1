package dev.slackline.app.wiring;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What was opened for one thing, closed together, the last first. Not thread-safe. */
final class Opened implements AutoCloseable {

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /** Opens all parts of something; if it fails, those that are open already are closed. */
    static <T> T allOrNone(Function<Opened, T> opening) {
        Opened parts = new Opened();
        try {
            return opening.apply(parts);
        } catch (RuntimeException | Error e) {
            try {
                parts.close();
            } catch (RuntimeException | Error second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /** Remembers a part that is open. */
    <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }

    /** Closes every part, whatever happens to the others. */
    @Override
    public void close() {
        RuntimeException failure = null;
        while (!parts.isEmpty()) {
            failure = closed(parts.pop(), failure);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static @Nullable RuntimeException closed(AutoCloseable part, @Nullable RuntimeException before) {
        try {
            part.close();
            return before;
        } catch (Exception e) {
            RuntimeException now = e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
            if (before == null) {
                return now;
            }
            before.addSuppressed(now);
            return before;
        }
    }
}
