package dev.slackline.backend.redis;

import dev.slackline.queue.QueueConnectionException;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Waits, on a connection of its own, for something new: an entry of the stream, or a ring of the bell, which says that
 * something may be had again. Only while somebody is hungry, so it costs nothing under load; and not for long, so that
 * whatever nobody rings for is found, too. Thread-safe.
 */
final class Watch {

    private static final Duration BLOCK = Duration.ofSeconds(2);

    private final Link link;
    private final Keys keys;
    private final Runnable wake;
    private final AtomicBoolean armed = new AtomicBoolean();

    Watch(Dialling dialling, Threads threads, Failures failures, Keys keys, Runnable wake) {
        this.link = new Link("watch", dialling, threads, failures, new Waking());
        this.keys = keys;
        this.wake = wake;
    }

    /** Begins to connect. */
    void start() {
        link.start();
    }

    @Nullable
    QueueConnectionException trouble() {
        return link.trouble();
    }

    /**
     * Somebody has found nothing, or too little. Answers come in the order of asking, so who is first has seen least.
     *
     * @param last the last entry that there was
     * @param rung when the bell had last rung
     */
    void arm(byte[] last, byte[] rung) {
        if (!armed.compareAndSet(false, true)) {
            return;
        }
        link.ask(
                        CommandType.XREAD,
                        "COUNT",
                        "1",
                        "BLOCK",
                        Long.toString(BLOCK.toMillis()),
                        "STREAMS",
                        keys.stream(),
                        keys.bell(),
                        last,
                        rung)
                .whenComplete((answer, error) -> {
                    armed.set(false);
                    if (error == null) {
                        wake.run();
                    }
                });
    }

    void close() {
        link.close();
    }

    /** Whoever was hungry asks again. */
    private final class Waking implements Link.User {

        @Override
        public CompletionStage<?> connected(Line line) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void ready() {
            wake.run();
        }

        @Override
        public void lost(QueueConnectionException why) {}
    }
}
