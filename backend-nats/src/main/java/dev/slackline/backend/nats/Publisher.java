package dev.slackline.backend.nats;

import dev.slackline.queue.Message;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.QueueSettings;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Stores messages, and hears that they are stored. Thread-safe; returns at once. */
final class Publisher {

    /** What the server says when there is no room. */
    private static final Set<Integer> FULL = Set.of(10077, 10047, 10023);

    private static final int TOO_LARGE = 10054;
    private static final byte[] NOTHING = new byte[0];

    private final Names names;
    private final Link link;
    private final Failures failures;
    private final InstantSource clock;
    private final Duration patience;
    private final Duration window;
    private final Trouble trouble;
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile boolean closed;

    /** Who is told of what this alone finds out. Calls return at once. */
    interface Trouble {
        /** Fails unless some group is declared. */
        CompletableFuture<Void> requireAudience();

        /** There is no room in the stream. */
        void full();

        /** Nobody answers for a stream. */
        void missing();
    }

    Publisher(Names names, Link link, Failures failures, InstantSource clock, QueueSettings queue, Trouble trouble) {
        this.names = names;
        this.link = link;
        this.failures = failures;
        this.clock = clock;
        this.patience = queue.publishTimeout();
        this.window = queue.dedupWindow();
        this.trouble = trouble;
    }

    /** Where something was stored. */
    record Confirmation(long sequence, boolean duplicate) {}

    /** Publishes to every group. Completes when the server has stored it. */
    CompletableFuture<Void> publish(Message message) {
        if (closed) {
            return CompletableFuture.failedFuture(failures.closed());
        }
        CompletableFuture<Void> audience = trouble.requireAudience();
        return audience.isDone() && !audience.isCompletedExceptionally()
                ? publishKnown(message)
                : audience.thenCompose(known -> publishKnown(message));
    }

    private CompletableFuture<Void> publishKnown(Message message) {
        String id = window.isZero() ? null : Percent.VALUE.encode(message.id());
        return store(message, id);
    }

    private CompletableFuture<Void> store(Message message, @Nullable String deduplicatedBy) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        send(
                names.messages(),
                names.subject(message.key()),
                Wire.pack(message, deduplicatedBy),
                message.payload().bytes(),
                new Outcome() {
                    @Override
                    public void stored(Confirmation where) {
                        if (where.duplicate()) {
                            known(message, deduplicatedBy, where.sequence(), result);
                        } else {
                            result.complete(null);
                        }
                    }

                    @Override
                    public void failed(QueueException why) {
                        result.completeExceptionally(why);
                    }
                });
        return result;
    }

    /**
     * The server knows the id. It remembers by its own clock, and for as long as the stream says, which may be longer than
     * we were told to: what is older by ours is published anew, under an id that names what it repeats.
     */
    private void known(Message message, @Nullable String id, long sequence, CompletableFuture<Void> result) {
        link.session().api().atLater(names.messages(), sequence).whenComplete((found, error) -> {
            if (error != null) {
                result.completeExceptionally(error);
            } else if (found == null || !isForgotten(found)) {
                result.complete(null);
            } else {
                store(message, id + " " + sequence).whenComplete((stored, failure) -> {
                    if (failure != null) {
                        result.completeExceptionally(failure);
                    } else {
                        result.complete(null);
                    }
                });
            }
        });
    }

    private boolean isForgotten(Found found) {
        return found.time().plus(window).isBefore(clock.instant());
    }

    /** Stores something in one of the streams. Completes when the server has. */
    CompletableFuture<Confirmation> put(String stream, String subject, @Nullable Headers headers, byte[] body) {
        CompletableFuture<Confirmation> result = new CompletableFuture<>();
        send(stream, subject, headers, body, new Outcome() {
            @Override
            public void stored(Confirmation where) {
                result.complete(where);
            }

            @Override
            public void failed(QueueException why) {
                result.completeExceptionally(why);
            }
        });
        return result;
    }

    /** {@link #put} of nothing but text. */
    CompletableFuture<Confirmation> put(String stream, String subject, String text) {
        return put(stream, subject, null, text.isEmpty() ? NOTHING : text.getBytes(StandardCharsets.UTF_8));
    }

    private interface Outcome {
        void stored(Confirmation where);

        void failed(QueueException why);
    }

    private void send(String stream, String subject, @Nullable Headers headers, byte[] body, Outcome outcome) {
        Session session;
        try {
            session = link.session();
        } catch (QueueException e) {
            outcome.failed(e);
            return;
        }
        unfinished.incrementAndGet();
        session.requests().send(subject, headers, body, patience, new Requests.Answer() {
            @Override
            public void answered(io.nats.client.Message reply) {
                unfinished.decrementAndGet();
                Confirmation where;
                try {
                    where = confirmed(stream, reply);
                } catch (QueueException e) {
                    outcome.failed(e);
                    return;
                }
                outcome.stored(where);
            }

            @Override
            public void failed(QueueException why) {
                unfinished.decrementAndGet();
                outcome.failed(why instanceof PublishException ? why : unknown(why));
            }
        });
    }

    private Confirmation confirmed(String stream, io.nats.client.Message reply) {
        if (reply.isStatusMessage()) {
            trouble.missing();
            throw failures.publish(
                    "nobody answers for the stream " + stream + " ("
                            + reply.getStatus().getMessage() + ")",
                    true,
                    null);
        }
        try {
            PublishAck ack = new PublishAck(reply);
            if (!ack.getStream().equals(stream)) {
                throw failures.publish(
                        "the stream " + ack.getStream() + " has taken what was meant for " + stream
                                + "; it must not have the subjects of that",
                        false,
                        null);
            }
            return new Confirmation(ack.getSeqno(), ack.isDuplicate());
        } catch (JetStreamApiException e) {
            throw refused(e);
        } catch (IOException e) {
            throw failures.publish("the server confirms something else: " + e.getMessage(), true, e);
        }
    }

    private PublishException refused(JetStreamApiException said) {
        String what = "the server says '" + said.getErrorDescription() + "' (" + said.getApiErrorCode() + ")";
        if (FULL.contains(said.getApiErrorCode())) {
            trouble.full();
            return failures.publish(what + "; make room, or raise the limits of the stream or the account", true, said);
        }
        boolean retryable = said.getErrorCode() >= 500 && said.getApiErrorCode() != TOO_LARGE;
        return failures.publish(what, retryable, said);
    }

    private PublishException unknown(QueueException why) {
        return failures.publish("it is not known whether: " + why.getMessage(), why.retryable(), why);
    }

    /** Waits for what was accepted. */
    void close(long deadlineNanos) throws InterruptedException {
        closed = true;
        while (unfinished.get() > 0 && deadlineNanos - System.nanoTime() > 0) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }
}
