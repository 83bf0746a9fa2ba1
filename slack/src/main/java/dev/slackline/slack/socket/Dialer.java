package dev.slackline.slack.socket;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections one at a time, however many are wanted: after a failure everybody waits, longer each time and as long
 * as Slack says, so that an outage does not end in a stampede. Goes on until it succeeds. Belongs to the loop.
 */
final class Dialer {

    private static final Logger log = LoggerFactory.getLogger(Dialer.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration HELLO_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Loop loop;
    private final HttpClient client;
    private final ConnectionsOpen opening;
    private final Supplier<Connection> connections;
    private final Consumer<OpenFailure> gaveUp;
    private final Deque<BiConsumer<Connection, Frame.Hello>> wanted = new ArrayDeque<>();
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    private @Nullable Connection current;
    private @Nullable OpenFailure lastFailure;
    private boolean waits;
    private boolean stopped;

    /**
     * A dialer.
     *
     * @param connections makes one to be opened
     * @param gaveUp told once, when trying again is of no use
     */
    Dialer(
            Loop loop,
            HttpClient client,
            ConnectionsOpen opening,
            Supplier<Connection> connections,
            Consumer<OpenFailure> gaveUp) {
        this.loop = loop;
        this.client = client;
        this.opening = opening;
        this.connections = connections;
        this.gaveUp = gaveUp;
    }

    /** Opens a connection; {@code opened} gets it once Slack has said hello. */
    void dial(BiConsumer<Connection, Frame.Hello> opened) {
        wanted.add(opened);
        next();
    }

    /** Why the last try failed; null when it did not. */
    @Nullable
    OpenFailure lastFailure() {
        return lastFailure;
    }

    /** Opens no more. */
    void stop() {
        stopped = true;
        wanted.clear();
        if (current != null) {
            current.abort("Socket Mode ends");
        }
    }

    private void next() {
        if (stopped || waits || current != null || wanted.isEmpty()) {
            return;
        }
        Connection connection = connections.get();
        current = connection;
        attempt(connection).whenComplete((hello, error) -> loop.run(() -> tried(connection, hello, error)));
    }

    private CompletableFuture<Frame.Hello> attempt(Connection connection) {
        return opening.address()
                .thenCompose(address -> client.newWebSocketBuilder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .buildAsync(address, connection))
                .thenCompose(
                        open -> connection.greeted().copy().orTimeout(HELLO_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void tried(Connection connection, Frame.@Nullable Hello hello, @Nullable Throwable error) {
        current = null;
        if (hello == null || connection.hasEnded() || stopped) {
            connection.abort("it was given up");
            failed(OpenFailure.of(error == null ? new OpenFailure("it ended with its hello") : error));
        } else {
            backoff.reset();
            lastFailure = null;
            wanted.remove().accept(connection, hello);
            next();
        }
    }

    private void failed(OpenFailure failure) {
        if (stopped) {
            return;
        }
        lastFailure = failure;
        if (failure.isLasting()) {
            gaveUp.accept(failure);
            return;
        }
        Duration wait = failure.pause().plus(backoff.next());
        if (backoff.failures() == 1) {
            log.warn(
                    "cannot open a connection of Socket Mode, and will go on trying pause_ms={}: {}",
                    wait.toMillis(),
                    failure.getMessage());
        } else {
            log.debug("cannot open a connection failures={}: {}", backoff.failures(), failure.getMessage());
        }
        waits = true;
        loop.after(wait, () -> {
            waits = false;
            next();
        });
    }
}
