package dev.slackline.backend.redis;

import dev.slackline.queue.Message;
import dev.slackline.queue.QueueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Adds messages to the stream, many with one script, and remembers their ids in the same step. Answers when the server
 * has, which is when its append-only file has them as its {@code appendfsync} says. What one thread publishes is stored in
 * that order, also when it waits for no answer (case 60). Thread-safe.
 */
final class Publisher {

    private static final int AT_ONCE = 256;
    /** So that the client packs while the server writes. */
    private static final int UNDER_WAY = 3;

    private static final int TRIES = 3;

    private final Link link;
    private final Groups groups;
    private final Threads threads;
    private final Failures failures;
    private final Time time;
    private final List<byte[]> keys;
    private final byte[] window;
    private final Batches<Publish> batches;
    private volatile @Nullable String refusal;

    private record Publish(List<byte[]> packed, int bytes, CompletableFuture<Void> result) {}

    Publisher(Link link, Groups groups, Threads threads, Failures failures, Time time, Keys keys, Duration window) {
        this.link = link;
        this.groups = groups;
        this.threads = threads;
        this.failures = failures;
        this.time = time;
        this.keys = keys.publishing();
        this.window = Wire.utf8(Long.toString(window.toMillis()));
        this.batches = new Batches<>(AT_ONCE, UNDER_WAY, Publish::bytes, batch -> send(batch, TRIES));
    }

    /** Publishes to every group. Completes when the server has it. */
    CompletableFuture<Void> publish(Message message) {
        List<byte[]> packed = Wire.pack(message);
        int bytes = 0;
        for (byte[] value : packed) {
            bytes += value.length;
        }
        Publish publish = new Publish(packed, bytes, new CompletableFuture<>());
        batches.add(publish);
        return publish.result();
    }

    /** Why the server takes no messages; null while it does, as far as it is known. */
    @Nullable
    String refusal() {
        return refusal;
    }

    /** It takes messages again, or nobody knows. */
    void forgive() {
        refusal = null;
    }

    boolean isIdle() {
        return batches.isIdle();
    }

    private CompletionStage<?> send(List<Publish> batch, int tries) {
        List<byte[]> arguments = new ArrayList<>(3 + 6 * batch.size());
        arguments.add(time.shift());
        arguments.add(Wire.utf8(groups.epoch()));
        arguments.add(window);
        batch.forEach(publish -> arguments.addAll(publish.packed()));
        // not on the thread that reads the answers: what that sends goes before what others have sent and it has not
        // written yet
        return link.run(Script.PUBLISH, keys, arguments)
                .thenComposeAsync(answer -> answered(batch, answer, tries), threads::goOn)
                .whenComplete((done, error) -> {
                    if (error != null) {
                        failed(batch, Failures.unwrapped(error));
                    }
                });
    }

    private CompletionStage<?> answered(List<Publish> batch, Answer answer, int tries) {
        switch (answer.text(0)) {
            case "ok" -> {
                refusal = null;
                batch.forEach(
                        publish -> threads.addResult(() -> publish.result().complete(null)));
                threads.tell();
            }
            case "epoch" -> {
                if (tries == 0) {
                    throw failures.publish("the server loses its groups again and again", true, null);
                }
                return groups.moved(answer.text(1)).thenCompose(known -> send(batch, tries - 1));
            }
            default ->
                throw failures.publish(
                        "no group is declared, so nobody would ever get this message; declare one", false, null);
        }
        return CompletableFuture.completedStage(null);
    }

    private void failed(List<Publish> batch, Throwable cause) {
        QueueException why = failures.published(cause);
        if (Failures.takesNoWrites(cause)) {
            refusal = why.getMessage();
        }
        batch.forEach(publish -> threads.addResult(() -> publish.result().completeExceptionally(why)));
        threads.tell();
    }
}
