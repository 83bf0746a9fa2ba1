package dev.slackline.slack.socket;

import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Sends the acknowledgements of one connection, one after another as a WebSocket wants it, away from the thread of the
 * queue, which has better things to do. Thread-safe.
 */
final class Acks {

    /**
     * One to be sent.
     *
     * @param sent told whether it was
     */
    private record Ack(String text, Consumer<Boolean> sent) {}

    private final WebSocket socket;
    private final Executor executor;
    private final ConcurrentLinkedQueue<Ack> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    Acks(WebSocket socket, Executor executor) {
        this.socket = socket;
        this.executor = executor;
    }

    /** Sends it soon, and tells {@code sent}, which must return at once, whether it was. */
    void send(String text, Consumer<Boolean> sent) {
        queue.add(new Ack(text, sent));
        if (waiting.getAndIncrement() == 0) {
            executor.execute(this::sendAll);
        }
    }

    private void sendAll() {
        for (Ack ack = queue.poll(); ack != null; ack = queue.poll()) {
            Ack current = ack;
            CompletableFuture<WebSocket> sending = sending(current);
            if (!sending.isDone()) {
                sending.whenComplete((open, error) -> {
                    if (done(current, error == null)) {
                        executor.execute(this::sendAll);
                    }
                });
                return;
            }
            if (!done(current, !sending.isCompletedExceptionally())) {
                return;
            }
        }
    }

    private CompletableFuture<WebSocket> sending(Ack ack) {
        try {
            return socket.sendText(ack.text, true);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Whether another one waits. */
    private boolean done(Ack ack, boolean sent) {
        ack.sent.accept(sent);
        return waiting.decrementAndGet() > 0;
    }
}
