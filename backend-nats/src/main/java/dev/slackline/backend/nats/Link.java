package dev.slackline.backend.nats;

import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import io.nats.client.Connection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The connection of one backend: made, and made again with backoff when it is lost, until it is closed. A lost connection
 * is not mended but replaced, so that nothing of it is believed by mistake. Thread-safe.
 */
final class Link implements Dialling.Listener {

    /** Who uses it. */
    interface User {
        /**
         * There is a connection, and nobody else uses it yet. May wait for the server.
         *
         * @throws QueueException if it is of no use; not retryable, if only a person can change that
         */
        void connected(Session session);

        /** A message that the library cannot read is in the way. Called as {@link #connected}, and before that. */
        void removeUnreadable(Session session);

        /** The connection is gone. Returns at once. */
        void lost(QueueConnectionException why);
    }

    private static final Logger log = LoggerFactory.getLogger(Link.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration REFUSED_PAUSE = Duration.ofSeconds(5);
    private static final Duration FLUSH = Duration.ofMillis(500);
    private static final Duration TICK = Duration.ofMillis(100);

    private final Dialling dialling;
    private final Threads threads;
    private final Failures failures;
    private final User user;
    private final CompletableFuture<Void> first = new CompletableFuture<>();

    // Written under the lock of this.
    private volatile @Nullable Session session;
    private volatile @Nullable QueueException trouble;
    private @Nullable Session preparing;
    private boolean wasUp;
    private int failedTries;
    private volatile boolean closed;
    private volatile boolean isBlocked;
    private final AtomicBoolean mending = new AtomicBoolean();

    Link(Dialling dialling, Threads threads, Failures failures, User user) {
        this.dialling = dialling;
        this.threads = threads;
        this.failures = failures;
        this.user = user;
    }

    /** Begins to connect. Completes with the first connection, or the first failure. */
    CompletableFuture<Void> start() {
        threads.every(TICK, this::giveUpLate);
        threads.attempt(this::connect);
        return first;
    }

    /**
     * The connection.
     *
     * @throws QueueException that says why there is none
     */
    Session session() {
        Session current = session;
        if (current != null) {
            return current;
        }
        QueueException why = trouble;
        throw closed ? failures.closed() : why != null ? why : failures.connection("connecting", true, null);
    }

    /** Why there is no connection, as far as it is known; null while there is one. */
    @Nullable
    QueueException trouble() {
        QueueException why = trouble;
        return session != null ? null : why != null ? why : failures.connection("connecting", true, null);
    }

    /** A stream is missing: does anew what is done before a connection is used. Returns at once. */
    void mend() {
        Session current = session;
        if (current != null && mending.compareAndSet(false, true)) {
            threads.attempt(() -> {
                try {
                    user.connected(current);
                } catch (QueueException e) {
                    log.warn("something is missing at the server, and could not be made again: {}", e.getMessage());
                } finally {
                    mending.set(false);
                }
            });
        }
    }

    @Override
    public void lost(Connection connection, @Nullable Exception cause) {
        Session current;
        synchronized (this) {
            current = session != null && session.connection() == connection
                    ? session
                    : preparing != null && preparing.connection() == connection ? preparing : null;
        }
        if (current != null) {
            end(
                    current,
                    failures.connection(
                            "the connection was lost" + (cause == null ? "" : ": " + cause.getMessage()), true, cause));
        }
    }

    @Override
    public void refused(Connection connection, String error) {
        Session current;
        synchronized (this) {
            current = session != null ? session : preparing;
        }
        if (current != null && current.connection() == connection) {
            current.requests().refused(error);
        }
    }

    @Override
    public void unreadable() {
        isBlocked = true;
        Session current = session;
        if (current != null) {
            lost(current.connection(), null);
        }
    }

    /** Sends what is on its way, and waits a moment for that. */
    void flush() {
        Session current = session;
        if (current != null) {
            try {
                current.connection().flush(FLUSH);
            } catch (TimeoutException | IllegalStateException e) {
                log.debug("not everything could be sent", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void close() {
        Session last;
        synchronized (this) {
            closed = true;
            last = session;
            session = null;
        }
        if (last != null) {
            last.requests().end(failures.closed());
            close(last.connection());
        }
    }

    private void giveUpLate() {
        Session current;
        synchronized (this) {
            current = session != null ? session : preparing;
        }
        if (current != null) {
            current.requests().giveUpLate();
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        Session made = null;
        try {
            Connection connection = dialling.dial(this);
            made = Session.over(connection, threads, failures);
            synchronized (this) {
                preparing = made;
            }
            if (connection.getStatus() != Connection.Status.CONNECTED) {
                throw failures.connection("the connection was lost at once", true, null);
            }
            if (isBlocked) {
                user.removeUnreadable(made);
                isBlocked = false;
            }
            user.connected(made);
            if (!adopt(made)) {
                close(connection);
            }
        } catch (RuntimeException e) { // whatever it is: nobody else tries again
            synchronized (this) {
                preparing = null;
            }
            if (made != null) {
                made.requests().end(failures.connection("the connection was given up", true, e));
                close(made.connection());
            }
            failed(e instanceof QueueException known ? known : failures.connection("connecting failed: " + e, true, e));
        }
    }

    private boolean adopt(Session made) {
        synchronized (this) {
            preparing = null;
            if (closed) {
                return false;
            }
            if (made.connection().getStatus() != Connection.Status.CONNECTED) {
                throw failures.connection("the connection was lost at once", true, null);
            }
            session = made;
            trouble = null;
            failedTries = 0;
            if (wasUp) {
                log.info("connected again");
            }
            wasUp = true;
        }
        first.complete(null);
        return true;
    }

    private void failed(QueueException cause) {
        QueueException why;
        Duration pause;
        synchronized (this) {
            why = wasUp ? failures.passing(cause) : cause; // what worked once is waited for
            if (trouble == null || trouble.retryable() != why.retryable()) {
                // before the first connection whoever waits for it is told, and says so
                log.atLevel(wasUp ? Level.WARN : Level.DEBUG).log("no connection: {}", why.getMessage());
            }
            trouble = why;
            pause = why.retryable() ? pause(failedTries++) : REFUSED_PAUSE;
        }
        first.completeExceptionally(why);
        threads.later(pause, this::connect);
    }

    private void end(Session gone, QueueConnectionException why) {
        synchronized (this) {
            if (gone.equals(preparing)) {
                gone.requests().end(why); // whoever prepares it hears of that, and tries again
                return;
            }
            if (!gone.equals(session) || closed) {
                return;
            }
            session = null;
            trouble = why;
        }
        log.warn("{}", why.getMessage());
        gone.requests().end(why);
        user.lost(why);
        threads.attempt(() -> close(gone.connection()));
        threads.later(FIRST_PAUSE, this::connect);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration pause(int failedTries) {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(failedTries, 10));
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }
}
