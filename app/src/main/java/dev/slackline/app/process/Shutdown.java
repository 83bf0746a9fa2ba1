package dev.slackline.app.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Turns SIGTERM and Ctrl-C into a request to drain, for commands that heed it. The process then ends with the exit code
 * of the command, 0 after a clean drain, rather than 143 or 130: stopping on request is no failure. A command that does
 * not ask for {@link #requested()} ends at once as any program would. Thread-safe.
 */
public final class Shutdown {

    private final CompletableFuture<Void> requested = new CompletableFuture<>();
    private final CompletableFuture<Integer> finished = new CompletableFuture<>();
    private volatile boolean heeded;

    /** One that no signal reaches. */
    public Shutdown() {}

    /**
     * Listens to the signals of this process.
     *
     * @param limit how long a drain may take before the process ends with exit code 1
     */
    public static Shutdown onSignals(Duration limit) {
        Shutdown shutdown = new Shutdown();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> shutdown.drain(limit), "slackline-shutdown"));
        return shutdown;
    }

    /** Completes when the process was asked to stop; from here on it is up to the command to end it. */
    public CompletableFuture<Void> requested() {
        heeded = true;
        return requested.copy();
    }

    /** Asks to stop. Idempotent. */
    public void request() {
        requested.complete(null);
    }

    /** Whether the process was asked to stop. */
    public boolean isRequested() {
        return requested.isDone();
    }

    /** Ends the process; the last thing that a command does. */
    public void exit(int code) {
        finished.complete(code);
        System.exit(code);
    }

    private void drain(Duration limit) {
        if (!heeded || finished.isDone()) {
            return; // nobody drains, or the command has ended by itself
        }
        request();
        int code = 1;
        try {
            code = finished.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // ends with 1: something did not stop in time
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(code); // an exit here would wait for this very thread
    }
}
