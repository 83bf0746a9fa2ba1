package dev.slackline.queue;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The publishing half of a {@link Queue}: limits, retries with backoff, and the deadline. Thread-safe. */
final class Publishing {

    static final int MAX_OUTSTANDING = 10_000;

    private static final Logger log = LoggerFactory.getLogger(Publishing.class);
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    /** How late a deadline may be noticed; a timer for each publish would cost as much as storing it. */
    private static final Duration LOOK = Duration.ofMillis(10);

    private final QueueBackend backend;
    private final QueueSettings settings;
    private final QueueListener listener;
    private final ScheduledExecutorService timer;
    private final AtomicInteger outstanding = new AtomicInteger();
    private final Set<Attempts> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean closed;

    Publishing(QueueBackend backend, QueueSettings settings, QueueListener listener, ScheduledExecutorService timer) {
        this.backend = backend;
        this.settings = settings;
        this.listener = listener;
        this.timer = timer;
    }

    CompletableFuture<Message> publish(Message message, Duration timeout) {
        QueueException refusal = refusal(message);
        if (refusal == null && outstanding.incrementAndGet() > MAX_OUTSTANDING) {
            outstanding.decrementAndGet();
            refusal = failure("more than " + MAX_OUTSTANDING + " publishes are waiting; publish slower", true, null);
        }
        if (refusal != null) {
            listener.publishFailed(message, refusal, Duration.ZERO);
            return CompletableFuture.failedFuture(refusal);
        }
        Attempts attempts = new Attempts(message, timeout);
        running.add(attempts);
        attempts.result.whenComplete((stored, error) -> attempts.end(error));
        lookLater();
        attempts.attempt(1);
        if (closed) { // it may have come too late to be seen by close()
            attempts.fail(closed());
        }
        return attempts.result;
    }

    /** While anything is outstanding, looks again and again whose time is up. */
    private void lookLater() {
        if (!running.isEmpty() && looking.compareAndSet(false, true)) {
            try {
                timer.schedule(this::look, LOOK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                close();
            }
        }
    }

    private void look() {
        looking.set(false);
        long now = System.nanoTime();
        for (Attempts attempts : running) {
            if (attempts.isLate(now)) {
                attempts.timeUp();
            }
        }
        lookLater();
    }

    void close() {
        closed = true;
        for (Attempts attempts : running) {
            attempts.fail(closed());
        }
    }

    private QueueClosedException closed() {
        return new QueueClosedException(backend.capabilities().backend(), backend.topic());
    }

    private @Nullable QueueException refusal(Message message) {
        if (message.payload().size() > settings.maxPayload()) {
            return failure(
                    "the payload has " + message.payload().size() + " bytes; " + QueueSettings.MAX_PAYLOAD.name()
                            + " allows " + settings.maxPayload(),
                    false,
                    null);
        }
        return message.payload()
                .problem()
                .map(why -> new SerializationException(
                        "the payload is no JSON object: " + why,
                        backend.capabilities().backend(),
                        backend.topic(),
                        null))
                .orElse(null);
    }

    private PublishException failure(String message, boolean retryable, @Nullable Throwable cause) {
        return new PublishException(message, backend.capabilities().backend(), backend.topic(), retryable, cause);
    }

    /** One message on its way, through as many attempts as it takes. */
    private final class Attempts {

        private final Message message;
        private final long started = System.nanoTime();
        private final long timeoutNanos;
        private final CompletableFuture<Message> result = new CompletableFuture<>();
        private volatile @Nullable Future<?> next;
        private volatile @Nullable Throwable lastFailure;

        Attempts(Message message, Duration timeout) {
            this.message = message;
            this.timeoutNanos = TimeUnit.NANOSECONDS.convert(timeout);
        }

        boolean isLate(long nowNanos) {
            return nowNanos - started >= timeoutNanos;
        }

        void fail(QueueException cause) {
            result.completeExceptionally(cause);
        }

        private void attempt(int number) {
            if (result.isDone()) {
                return;
            }
            try {
                backend.publish(message).whenComplete((nothing, error) -> {
                    if (error == null) {
                        result.complete(message);
                    } else {
                        failed(number, unwrapped(error));
                    }
                });
            } catch (RuntimeException e) {
                failed(number, e);
            }
        }

        private void failed(int number, Throwable cause) {
            lastFailure = cause;
            if (!(cause instanceof QueueException known)) {
                fail(failure("publishing failed in the backend: " + cause, false, cause));
            } else if (!known.retryable() || number > settings.publishRetries()) {
                fail(known);
            } else {
                long delay = backoff(number);
                log.debug(
                        "publish failed, trying again message_id={} attempt={} in_ms={}", message.id(), number, delay);
                try {
                    next = timer.schedule(() -> attempt(number + 1), delay, TimeUnit.MILLISECONDS);
                } catch (RejectedExecutionException e) {
                    fail(known);
                }
            }
        }

        /** 1 s, 2 s, 4 s…, each between half and the whole of it, so that publishers do not return in step. */
        private long backoff(int number) {
            long whole = FIRST_BACKOFF.toMillis() << Math.min(number - 1, 16);
            return whole / 2 + ThreadLocalRandom.current().nextLong(whole / 2 + 1);
        }

        private void timeUp() {
            Throwable cause = lastFailure;
            fail(failure(
                    "not confirmed within " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms"
                            + (cause == null ? whatIsWrong() : "; the last attempt failed: " + cause.getMessage()),
                    true,
                    cause));
        }

        private String whatIsWrong() {
            Status status = backend.status();
            return status.state() == Status.State.DOWN ? "; " + status.reason() : "";
        }

        private void end(@Nullable Throwable error) {
            running.remove(this);
            outstanding.decrementAndGet();
            Future<?> retry = next;
            if (retry != null) {
                retry.cancel(false);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - started);
            if (error == null) {
                if (log.isDebugEnabled()) {
                    log.debug(
                            "published message_id={} key={} took_ms={}", message.id(), message.key(), took.toMillis());
                }
                listener.published(message, took);
            } else {
                listener.publishFailed(
                        message,
                        error instanceof QueueException known ? known : failure("cancelled by the caller", true, error),
                        took);
            }
        }
    }

    private static Throwable unwrapped(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
