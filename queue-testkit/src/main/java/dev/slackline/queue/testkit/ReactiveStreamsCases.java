package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** The rules of Reactive Streams, as their own TCK checks them. */
abstract class ReactiveStreamsCases {

    private static final String GROUP = "tck";

    @Case(28)
    void theStreamOfTheQueuePassesTheTck(Trial trial) {
        run(trial, "queue.consume", true);
    }

    @Case(28)
    void theStreamOfTheBackendPassesTheTck(Trial trial) {
        run(trial, "backend.consume", false);
    }

    private static void run(Trial trial, String what, boolean throughQueue) {
        List<Queue> open = new ArrayList<>();
        ReactiveStreamsTck tck = new ReactiveStreamsTck(
                elements -> {
                    Trial fresh = trial.elsewhere();
                    QueueBackend backend = fresh.openBackend();
                    Queue queue = Queue.of(backend, fresh.portable());
                    open.add(queue);
                    fill(queue, fresh, elements);
                    return throughQueue ? queue.consume(GROUP) : backend.consume(GROUP);
                },
                () -> failed(trial, throughQueue, open));
        ReactiveStreamsTck.Outcome outcome = tck.run(() -> {
            open.forEach(Queue::close);
            open.clear();
        });
        trial.note(what + ": " + outcome.passed() + " passed, "
                + outcome.failures().size() + " failed, " + outcome.skipped().size()
                + " optional, untested by the TCK, or about streams that complete");
        outcome.failures().values().stream().findFirst().ifPresent(first -> {
            throw new AssertionError("TCK over " + what + ": " + outcome.failures(), first);
        });
        assertThat(outcome.passed()).as("tests of the TCK that passed").isGreaterThanOrEqualTo(15);
    }

    private static void fill(Queue queue, Trial fresh, int elements) {
        Await.result(queue.group(GROUP).declare());
        List<CompletableFuture<?>> publishes = new ArrayList<>();
        for (int i = 0; i < elements; i++) {
            publishes.add(queue.publish(fresh.newMessage()));
        }
        publishes.forEach(Await::result);
    }

    /** A stream that can only fail: of a closed queue, or of a group that nobody declared. */
    private static Flow.Publisher<Delivery> failed(Trial trial, boolean throughQueue, List<Queue> open) {
        Trial fresh = trial.elsewhere();
        QueueBackend backend = fresh.openBackend();
        Queue queue = Queue.of(backend, fresh.portable());
        open.add(queue);
        if (throughQueue) {
            queue.close();
            return queue.consume(GROUP);
        }
        return backend.consume("nobody-declared-it");
    }
}
