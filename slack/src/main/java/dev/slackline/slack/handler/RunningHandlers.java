package dev.slackline.slack.handler;

import dev.slackline.queue.Worker;
import dev.slackline.slack.answer.AnswerDesk;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Handlers at work. Thread-safe. */
public final class RunningHandlers implements AutoCloseable {

    private final Worker worker;
    private final AnswerDesk.@Nullable Registration registration;

    RunningHandlers(Worker worker, AnswerDesk.@Nullable Registration registration) {
        this.worker = worker;
        this.registration = registration;
    }

    /** Completes when they were closed; fails if their group's stream ended with what nothing but a person mends. */
    public CompletionStage<Void> ended() {
        return worker.ended();
    }

    /** {@link #close(Duration)} within 30 seconds. */
    @Override
    public void close() {
        close(Duration.ofSeconds(30));
    }

    /**
     * Drains: takes no more, gives back at once what has not started, waits for the handlers that run. One that still runs
     * when the time is up is interrupted, and called again by another member of the group. Idempotent.
     *
     * @return whether every handler ended in time
     */
    public boolean close(Duration timeout) {
        if (registration != null) {
            registration.close();
        }
        return worker.close(timeout);
    }
}
