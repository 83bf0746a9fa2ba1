package dev.slackline.backend.redis;

import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** A connection to the server: makes it, notices its loss and makes it again until it is closed. Thread-safe. */
final class Link {

    /** Who uses the connection. */
    interface User {
        /** A connection was made, and is used once this completes. A failure counts as a failed try. */
        CompletionStage<?> connected(Line line);

        /** The connection is used from now on. */
        void ready();

        /** The connection is lost. */
        void lost(QueueConnectionException why);
    }

    private static final Logger log = LoggerFactory.getLogger(Link.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofSeconds(7);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    /** After a refusal, which somebody may mend. */
    private static final Duration REFUSED_PAUSE = Duration.ofSeconds(10);

    private final String purpose;
    private final Dialling dialling;
    private final Threads threads;
    private final Failures failures;
    private final User user;
    private final CompletableFuture<Void> firstTry = new CompletableFuture<>();

    private volatile @Nullable Line line;
    private volatile @Nullable QueueConnectionException trouble;

    // Guarded by this.
    private @Nullable Line connecting;
    private boolean started;
    private boolean wasUp;
    private boolean closed;
    private int failedTries;

    // Touched by the timer alone.
    private @Nullable CompletableFuture<Answer> ping;
    private long pingedNanos;
    private @Nullable Line pinged;

    Link(String purpose, Dialling dialling, Threads threads, Failures failures, User user) {
        this.purpose = purpose;
        this.dialling = dialling;
        this.threads = threads;
        this.failures = failures;
        this.user = user;
    }

    /** Begins to connect. Completes when that has succeeded for the first time, or has failed once. */
    CompletableFuture<Void> start() {
        synchronized (this) {
            if (started || closed) {
                return firstTry;
            }
            started = true;
            trouble = failures.connection("connecting", true, null);
        }
        threads.every(HEARTBEAT, this::watch);
        connect();
        return firstTry;
    }

    /** Why there is no connection, as far as it is known; null while there is one or nobody has asked for one. */
    @Nullable
    QueueConnectionException trouble() {
        return trouble;
    }

    CompletableFuture<Answer> ask(ProtocolKeyword command, Object... arguments) {
        Line open = line;
        return open == null ? down() : noticing(open, open.ask(command, arguments));
    }

    CompletableFuture<Answer> run(Script script, List<byte[]> keys, List<byte[]> arguments) {
        Line open = line;
        return open == null ? down() : noticing(open, open.run(script, keys, arguments));
    }

    void close() {
        Line last;
        synchronized (this) {
            closed = true;
            last = line != null ? line : connecting;
            line = null;
            trouble = failures.connection("closed", false, null);
        }
        if (last != null) {
            last.end(failures.connection("closed", true, null));
        }
        firstTry.complete(null);
    }

    private <T> CompletableFuture<T> down() {
        QueueConnectionException why = trouble;
        return CompletableFuture.failedFuture(why == null ? failures.connection("not connected", true, null) : why);
    }

    private CompletableFuture<Answer> noticing(Line open, CompletableFuture<Answer> answer) {
        answer.whenComplete((parts, error) -> {
            if (error != null && Failures.elsewhere(error)) {
                lost(open, failures.describe(Failures.unwrapped(error)), error);
            }
        });
        return answer;
    }

    private void connect() {
        dialling.dial().whenComplete((connection, error) -> {
            if (error != null) {
                failed(Failures.unwrapped(error));
            } else {
                prepare(connection);
            }
        });
    }

    private void prepare(StatefulRedisConnection<byte[], byte[]> connection) {
        Line made = new Line(connection);
        boolean late;
        synchronized (this) {
            connecting = made;
            late = closed;
        }
        if (late) {
            made.end(failures.connection("closed", true, null));
            return;
        }
        Dialling.onLoss(connection, () -> lost(made, "it was closed from the other end", null));
        threads.later(SILENCE, () -> {
            if (line != made) { // else it would wait for ever for who does not answer
                made.end(failures.connection("the server does not answer", true, null));
            }
        });
        user.connected(made).whenComplete((ready, error) -> {
            if (error != null) {
                made.end(failures.connection("given up", true, null));
                failed(Failures.unwrapped(error));
            } else {
                adopt(made);
            }
        });
    }

    private void adopt(Line made) {
        synchronized (this) {
            if (!closed) {
                line = made;
                trouble = null;
                wasUp = true;
                failedTries = 0;
            }
        }
        firstTry.complete(null);
        user.ready();
        if (!made.isOpen()) {
            lost(made, "it was closed from the other end", null);
        }
    }

    private void failed(Throwable cause) {
        QueueConnectionException why;
        Duration pause;
        synchronized (this) {
            if (closed) {
                return;
            }
            boolean refused =
                    cause instanceof QueueException known ? !known.retryable() : !wasUp && Failures.refused(cause);
            why = cause instanceof QueueConnectionException known
                    ? known
                    : failures.connection(failures.describe(cause), !refused, cause);
            QueueConnectionException before = trouble;
            if (before == null || before.retryable() != why.retryable()) {
                // before the first connection whoever waits for it is told, and says so
                log.atLevel(wasUp ? Level.WARN : Level.DEBUG).log("no connection to {}: {}", purpose, why.getMessage());
            }
            trouble = why;
            pause = refused ? REFUSED_PAUSE : pause(failedTries++);
        }
        firstTry.completeExceptionally(why);
        threads.later(pause, this::connect);
    }

    private void lost(Line gone, String what, @Nullable Throwable cause) {
        QueueConnectionException why = failures.connection("the connection was lost: " + what, true, cause);
        synchronized (this) {
            if (line != gone) {
                gone.end(why);
                return;
            }
            line = null;
            trouble = why;
        }
        log.warn("{}: {}", purpose, why.getMessage());
        gone.end(why);
        user.lost(why);
        threads.later(FIRST_PAUSE, this::connect);
    }

    /** Asks for a sign of life, and gives up who gives none. */
    private void watch() {
        Line watched = line;
        CompletableFuture<Answer> asked = ping;
        if (watched == null || watched != pinged) {
            ping = null;
            pinged = watched;
        } else if (asked == null || (asked.isDone() && !asked.isCompletedExceptionally())) {
            ping = watched.ask(CommandType.PING);
            pingedNanos = System.nanoTime();
        } else if (System.nanoTime() - pingedNanos > SILENCE.toNanos()) {
            ping = null;
            lost(Objects.requireNonNull(watched), "the server does not answer", null);
        }
    }

    private static Duration pause(int failedTries) {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(failedTries, 10));
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }
}
