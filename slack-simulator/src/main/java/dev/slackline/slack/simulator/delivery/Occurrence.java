package dev.slackline.slack.simulator.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Something that the app is told of, and how that went. Thread-safe. */
public final class Occurrence {

    private final String id;
    private final Kind kind;
    private final ObjectNode payload;
    private final List<Attempt> attempts = new ArrayList<>();
    private final CompletableFuture<Attempt> outcome = new CompletableFuture<>();

    /**
     * Something that just happened.
     *
     * @param id the event id, or the trigger id of a command or an interaction
     */
    public Occurrence(String id, Kind kind, ObjectNode payload) {
        this.id = id;
        this.kind = kind;
        this.payload = payload;
    }

    /** The event id, or the trigger id of a command or an interaction. */
    public String id() {
        return id;
    }

    /** What the app is told of. */
    public Kind kind() {
        return kind;
    }

    /** The type of the event or interaction, such as {@code app_mention}; the name of the command. */
    public String type() {
        return switch (kind) {
            case EVENT ->
                payload.path("event").path("type").asString(payload.path("type").asString(""));
            case COMMAND -> payload.path("command").asString("");
            case INTERACTION -> payload.path("type").asString("");
        };
    }

    /** A copy of what the app is sent. */
    public ObjectNode payload() {
        return payload.deepCopy();
    }

    /** What it was sent as so far, in order. */
    public List<Attempt> attempts() {
        synchronized (attempts) {
            return List.copyOf(attempts);
        }
    }

    /** Whether the app took it. */
    public boolean isAcknowledged() {
        return outcome.isDone() && outcome.join().acknowledged();
    }

    /** Completes with the attempt that the app took, or with the last one when Slack gives up. */
    public CompletableFuture<Attempt> outcome() {
        return outcome.copy();
    }

    /**
     * Waits until the app has taken it.
     *
     * @return the attempt that the app took
     * @throws IllegalStateException if Slack gives up, or the bound passes
     */
    public Attempt awaitAcknowledged(Duration bound) {
        Attempt last = awaitOutcome(bound);
        if (!last.acknowledged()) {
            throw new IllegalStateException(id + " was given up: " + last.failure());
        }
        return last;
    }

    /**
     * Waits until the app has taken it or Slack gives up.
     *
     * @throws IllegalStateException if the bound passes before
     */
    public Attempt awaitOutcome(Duration bound) {
        try {
            return outcome.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException(id + " (" + type() + ") has no outcome after " + bound, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The connection or URL of the last attempt; null before the first. */
    public @Nullable String lastWay() {
        synchronized (attempts) {
            return attempts.isEmpty() ? null : attempts.get(attempts.size() - 1).way();
        }
    }

    /** What is sent, which nobody may change. */
    public ObjectNode sent() {
        return payload;
    }

    /** Notes an attempt under way. Answers its place. */
    public int began(Attempt attempt) {
        synchronized (attempts) {
            attempts.add(attempt);
            return attempts.size() - 1;
        }
    }

    /** Notes how an attempt ended. */
    public void ended(int place, Attempt attempt) {
        synchronized (attempts) {
            attempts.set(place, attempt);
        }
    }

    /** Notes that nothing follows. */
    void settle(Attempt last) {
        outcome.complete(last);
    }
}
