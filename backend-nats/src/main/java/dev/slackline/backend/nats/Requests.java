package dev.slackline.backend.nats;

import dev.slackline.queue.QueueException;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What was sent over one connection and waits for an answer: any number at once, each told as its answer comes. Those of
 * the client library flush the socket for each request, and wait for their own time-out when the connection is lost.
 * Thread-safe.
 */
final class Requests {

    /** What becomes of a request: exactly one of these, soon, on a thread that may block. */
    interface Answer {
        void answered(Message reply);

        void failed(QueueException why);
    }

    private static final int BATCH = 64;

    private final Connection connection;
    private final Threads threads;
    private final Failures failures;
    private final String inbox = "_INBOX." + NUID.nextGlobal() + ".";
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();
    private final AtomicLong number = new AtomicLong();
    private final Dispatcher answers;
    private int untold; // only touched by the dispatcher's thread
    private volatile @Nullable QueueException ended;

    private record Pending(String subject, long deadlineNanos, Answer answer) {}

    Requests(Connection connection, Threads threads, Failures failures) {
        this.connection = connection;
        this.threads = threads;
        this.failures = failures;
        this.answers = connection.createDispatcher(this::arrived);
        answers.setPendingLimits(-1, -1);
        answers.subscribe(inbox + "*");
    }

    /** Sends a request. */
    void send(String subject, @Nullable Headers headers, byte[] body, Duration patience, Answer answer) {
        String token = Long.toString(number.incrementAndGet(), Character.MAX_RADIX);
        Pending sent = new Pending(subject, System.nanoTime() + patience.toNanos(), answer);
        pending.put(token, sent);
        QueueException why = ended;
        if (why == null) {
            try {
                connection.publish(subject, inbox + token, headers, body);
                return;
            } catch (IllegalStateException e) {
                why = failures.connection("the connection does not take it: " + e.getMessage(), true, e);
            } catch (IllegalArgumentException e) {
                why = failures.publish(
                        "it is larger than the server allows: " + e.getMessage() + "; raise max_payload there",
                        false,
                        e);
            }
        }
        fail(token, sent, why);
        threads.tell();
    }

    /** {@link #send(String, Headers, byte[], Duration, Answer)} with a future. */
    CompletableFuture<Message> send(String subject, @Nullable Headers headers, byte[] body, Duration patience) {
        CompletableFuture<Message> future = new CompletableFuture<>();
        send(subject, headers, body, patience, new Answer() {
            @Override
            public void answered(Message reply) {
                future.complete(reply);
            }

            @Override
            public void failed(QueueException why) {
                future.completeExceptionally(why);
            }
        });
        return future;
    }

    /** Fails what has waited for too long. */
    void giveUpLate() {
        long now = System.nanoTime();
        pending.forEach((token, sent) -> {
            if (now - sent.deadlineNanos() >= 0) {
                fail(token, sent, failures.connection("the server does not answer in time", true, null));
            }
        });
        threads.tell();
    }

    /** The server has refused something of this text, which names the subject. */
    void refused(String error) {
        pending.forEach((token, sent) -> {
            if (error.contains("\"" + sent.subject() + "\"")) {
                fail(token, sent, failures.forbidden(error));
            }
        });
        if (error.contains(inbox)) {
            end(failures.forbidden(error));
        }
        threads.tell();
    }

    /** The connection is gone. */
    void end(QueueException why) {
        ended = why;
        pending.forEach((token, sent) -> fail(token, sent, why));
        threads.tell();
    }

    private void fail(String token, Pending sent, QueueException why) {
        if (pending.remove(token, sent)) {
            threads.addResult(() -> sent.answer().failed(why));
        }
    }

    private void arrived(Message reply) {
        Pending sent = pending.remove(reply.getSubject().substring(inbox.length()));
        if (sent != null) {
            threads.addResult(() -> sent.answer().answered(reply));
        }
        if (++untold >= BATCH || answers.getPendingMessageCount() <= 0) { // it is -1 for a moment
            untold = 0;
            threads.tell();
        }
    }
}
