package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.SocketConfigurators;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One connection to the broker: makes it, notices its loss and makes it again until it is closed. Whatever was made on a
 * connection ends with it; nothing is carried over to the next, so no delivery can be settled on a channel that did not
 * bring it. Thread-safe.
 */
final class Link {

    /** Who uses the connection. */
    interface User {
        /** A connection was made, and is given to everybody when this returns. What it throws counts as a failed try. */
        void connected(Connection connection) throws IOException, TimeoutException;

        /** The connection is lost. */
        void lost(QueueConnectionException why);
    }

    private static final Logger log = LoggerFactory.getLogger(Link.class);
    private static final Duration WATCH = Duration.ofMillis(500);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    /** After a refusal, which somebody may mend. */
    private static final Duration REFUSED_PAUSE = Duration.ofSeconds(30);

    private static final int CLOSE_MILLIS = 1_000;

    private final String purpose;
    private final ConnectionFactory factory;
    private final Threads threads;
    private final Failures failures;
    private final User user;

    private volatile @Nullable Socket socket;

    // Guarded by this.
    private CompletableFuture<Connection> current = new CompletableFuture<>();
    private @Nullable Connection connection;
    private @Nullable QueueConnectionException trouble;
    private boolean started;
    private boolean wasUp;
    private boolean closed;
    private int failedTries;

    Link(String purpose, Dialling dialling, Threads threads, Failures failures, User user) {
        this.purpose = purpose;
        this.factory = dialling.factory(threads);
        this.threads = threads;
        this.failures = failures;
        this.user = user;
        SocketConfigurators.Builder sockets =
                SocketConfigurators.builder().defaultConfigurator().add(made -> socket = made);
        factory.setSocketConfigurator(
                dialling.isSecure() ? sockets.enableHostnameVerification().build() : sockets.build());
    }

    /**
     * The connection: at once where there is one, and after the try that is under way. Fails with a
     * {@link QueueConnectionException} when that fails, and at once between two tries.
     */
    CompletableFuture<Connection> connection() {
        CompletableFuture<Connection> answer;
        synchronized (this) {
            answer = current;
            if (started) {
                return answer;
            }
            started = true;
        }
        threads.every(WATCH, this::watch);
        tryLater(Duration.ZERO);
        return answer;
    }

    /** Why there is no connection, as far as it is known; null while there is one or nobody has asked for one. */
    synchronized @Nullable QueueConnectionException trouble() {
        return trouble;
    }

    void close() {
        Connection last;
        CompletableFuture<Connection> waiting;
        synchronized (this) {
            closed = true;
            last = connection;
            connection = null;
            waiting = current;
            current = CompletableFuture.failedFuture(failures.closed());
        }
        waiting.completeExceptionally(failures.closed());
        if (last != null) {
            last.abort(CLOSE_MILLIS);
        }
        Socket open = socket;
        if (open != null) {
            closeQuietly(open);
        }
    }

    /** Gives up a connection on which something went wrong that a new one mends. */
    void abandon(Connection broken, Throwable why) {
        lost(broken, why);
        threads.library().execute(() -> broken.abort(CLOSE_MILLIS));
    }

    private void tryLater(Duration pause) {
        threads.later(pause, () -> {
            try {
                threads.execute(this::connect);
            } catch (RejectedExecutionException e) {
                // closed
            }
        });
    }

    private void connect() {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        Connection made = null;
        try {
            made = factory.newConnection("slackline " + purpose);
            user.connected(made);
            Connection up = made;
            if (adopt(up)) {
                up.addShutdownListener(signal -> lost(up, signal)); // called at once if it is closed by now
            } else {
                up.abort(CLOSE_MILLIS);
            }
        } catch (IOException | TimeoutException | ShutdownSignalException | QueueException e) {
            if (made != null) {
                made.abort(CLOSE_MILLIS);
            }
            failed(e);
        }
    }

    private boolean adopt(Connection made) {
        CompletableFuture<Connection> answered;
        synchronized (this) {
            if (closed) {
                return false;
            }
            connection = made;
            trouble = null;
            wasUp = true;
            failedTries = 0;
            answered = current;
        }
        answered.complete(made);
        return true;
    }

    private void failed(Exception cause) {
        QueueConnectionException why;
        CompletableFuture<Connection> answered;
        Duration pause;
        boolean again;
        synchronized (this) {
            boolean refused = !wasUp && Failures.refused(cause);
            why = failures.connection(failures.describe(cause), !refused, cause);
            if (trouble == null || trouble.retryable() != why.retryable()) {
                // before the first connection whoever waits for it is told, and says so
                log.atLevel(wasUp ? Level.WARN : Level.DEBUG).log("no connection to {}: {}", purpose, why.getMessage());
            }
            trouble = why;
            answered = current;
            again = !closed;
            pause = refused ? REFUSED_PAUSE : pause(failedTries++);
        }
        answered.completeExceptionally(why);
        if (again) {
            threads.later(pause, () -> {
                synchronized (this) {
                    current = new CompletableFuture<>();
                }
                tryLater(Duration.ZERO);
            });
        }
    }

    private void lost(Connection gone, Throwable cause) {
        QueueConnectionException why =
                failures.connection("the connection was lost: " + failures.describe(cause), true, cause);
        synchronized (this) {
            if (connection != gone) {
                return;
            }
            connection = null;
            trouble = why;
            current = new CompletableFuture<>();
        }
        log.warn("{}: {}", purpose, why.getMessage());
        closeQuietly(Objects.requireNonNull(socket)); // whoever is stuck writing to it goes on
        user.lost(why);
        tryLater(FIRST_PAUSE);
    }

    /** The client library tells of a loss only when every thread that is stuck in a write has given up. */
    private void watch() {
        Connection watched;
        synchronized (this) {
            watched = connection;
        }
        if (watched != null && !watched.isOpen()) {
            ShutdownSignalException why = watched.getCloseReason();
            threads.library().execute(() -> lost(watched, why == null ? new IOException("closed") : why));
        }
    }

    private static Duration pause(int failedTries) {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(failedTries, 10));
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private static void closeQuietly(Socket open) {
        try {
            open.close();
        } catch (IOException e) {
            log.debug("closing a socket failed", e);
        }
    }
}
