package dev.slackline.slack.socket;

import dev.slackline.queue.Status;
import dev.slackline.slack.DurableIntake;
import dev.slackline.slack.IntakeListener;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slack's Socket Mode: keeps connections open, stores what comes, and acknowledges it once it is durable, on the connection
 * that brought it. A connection is replaced before Slack ends it, the new one first; one that falls silent within ten
 * seconds; one that breaks within five. It stops, with the reason in {@link #overview()}, when Slack refuses the app for
 * good. Thread-safe.
 */
public final class SocketMode implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SocketMode.class);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(6);
    /** Slack tells how many connections there are in a hello only. */
    private static final Duration LOOK_AGAIN_FOR_GHOSTS = Duration.ofMinutes(10);

    private static final int SENDERS = 2;

    private final SocketSettings settings;
    private final Loop loop;
    private final ThreadPoolExecutor senders = newSenders();
    private final LongAdder unacknowledged = new LongAdder();
    private final Reconnects reconnects = new Reconnects();
    private final Gaps gaps = new Gaps();
    private final Dialer dialer;
    private final List<Slot> slots;
    private final Farewell farewell;
    /** Those that Slack counts, as far as is known here; of the loop. */
    private final Set<Connection> open = new LinkedHashSet<>();

    private final CompletableFuture<Void> allEnded = new CompletableFuture<>();
    private volatile Status status = Status.down("Socket Mode has not connected yet");
    private volatile int connected;
    private volatile int ghosts;
    private @Nullable OpenFailure refused;
    private boolean closing;

    private SocketMode(
            SocketSettings settings, DurableIntake intake, IntakeListener listener, InstantSource clock, Loop loop) {
        this.settings = settings;
        this.loop = loop;
        this.farewell = new Farewell(loop);
        EnvelopeIntake envelopes = new EnvelopeIntake(intake, listener, clock);
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
        Events events = new Events();
        dialer = new Dialer(
                loop,
                client,
                new ConnectionsOpen(client, settings),
                () -> new Connection(events, envelopes, senders, unacknowledged, settings.maxBody()),
                this::stop);
        slots = IntStream.range(0, settings.sockets())
                .mapToObj(index -> new Slot(events, loop, dialer, reconnects, index, settings.sockets()))
                .toList();
    }

    /**
     * Connects when it is time, and goes on until it is closed or Slack refuses for good.
     *
     * @param listener hears of every envelope how it was answered; anything but 2xx means that it was not
     * @param clock what time it is, for the messages
     * @param ready when to begin; never if it fails
     */
    public static SocketMode start(
            SocketSettings settings,
            DurableIntake intake,
            IntakeListener listener,
            InstantSource clock,
            CompletionStage<?> ready) {
        return start(settings, intake, listener, clock, ready, new SystemLoop());
    }

    /** As {@link #start(SocketSettings, DurableIntake, IntakeListener, InstantSource, CompletionStage)}, in another's time. */
    static SocketMode start(
            SocketSettings settings,
            DurableIntake intake,
            IntakeListener listener,
            InstantSource clock,
            CompletionStage<?> ready,
            Loop loop) {
        SocketMode mode = new SocketMode(settings, intake, listener, clock, loop);
        ready.thenRun(() -> mode.loop.run(() -> mode.slots.forEach(Slot::start)));
        mode.loop.every(TICK, mode::tick);
        return mode;
    }

    /** How it does. */
    public SocketOverview overview() {
        return new SocketOverview(
                status, settings.sockets(), connected, ghosts, unacknowledged.sum(), gaps.total(), reconnects.asMap());
    }

    /**
     * Takes nothing more, acknowledges what is being stored, and closes the connections, within six seconds. Idempotent.
     */
    @Override
    public void close() {
        loop.run(this::leaveAll);
        try {
            allEnded.get(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.warn("Socket Mode ended with connections that did not");
        }
        loop.end();
        senders.shutdown();
    }

    private void leaveAll() {
        closing = true;
        dialer.stop();
        slots.forEach(Slot::stop);
        Set.copyOf(open).forEach(connection -> {
            connection.stopReading();
            farewell.to(connection);
        });
        look();
    }

    /** Slack refuses for good: opens no more, and leaves what there is to Slack. */
    private void stop(OpenFailure failure) {
        log.error("Socket Mode has stopped: {}", failure.getMessage());
        refused = failure;
        dialer.stop();
        slots.forEach(Slot::stop);
        look();
    }

    private void tick() {
        for (Connection connection : open) {
            if (connection.isSilentAtTick()) {
                slots.stream().filter(slot -> slot.has(connection)).forEach(Slot::silent);
            }
        }
        look();
    }

    /** Looks at what there is, after every change. */
    private void look() {
        connected = (int) slots.stream().filter(Slot::isConnected).count();
        gaps.update(connected > 0);
        Status now = judged();
        if (now.state() != status.state() && !closing && refused == null) {
            log.info("Socket Mode is {}: {}", now.state(), now.reason());
        }
        status = now;
        if (closing && open.isEmpty()) {
            allEnded.complete(null);
        }
    }

    private Status judged() {
        OpenFailure failure = dialer.lastFailure();
        if (closing) {
            return Status.down("Socket Mode is closed");
        }
        if (refused != null) {
            return Status.down("Socket Mode has stopped: " + refused.getMessage());
        }
        if (connected == 0) {
            return Status.down("there is no connection of Socket Mode"
                    + (failure == null ? "; it is being opened" : ": " + failure.getMessage()));
        }
        if (ghosts > 0) {
            return Status.degraded(
                    "Slack counts more connections of Socket Mode than are known, and sends a part of the"
                            + " events to them: " + ghosts + "; end the processes that hold them, or set"
                            + " SLACK_SOCKETS_ELSEWHERE if they are yours");
        }
        String count = connected + " of " + settings.sockets() + " connections of Socket Mode";
        return connected < settings.sockets()
                ? Status.degraded("only " + count + " are open" + (failure == null ? "" : ": " + failure.getMessage()))
                : Status.up(count);
    }

    private static ThreadPoolExecutor newSenders() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(SENDERS, SENDERS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "slackline-socket-sender");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** What connections and slots tell. */
    private final class Events implements Connection.Owner, Slot.Owner {

        @Override
        public void opened(Slot slot, Connection connection, Frame.Hello hello) {
            open.add(connection);
            ghosts = Math.max(0, hello.connections() - open.size() - settings.elsewhere());
            if (ghosts > 0) {
                log.warn(
                        "Slack counts more connections than are known: a part of the events goes to them ghosts={}"
                                + " own={} elsewhere={}",
                        ghosts,
                        open.size(),
                        settings.elsewhere());
                slot.replaceWithin(LOOK_AGAIN_FOR_GHOSTS);
            }
            look();
        }

        @Override
        public void asked(Connection connection, String reason) {
            loop.run(() -> {
                if (reason.equals("link_disabled")) {
                    stop(OpenFailure.refused(reason));
                }
                slots.stream().filter(slot -> slot.has(connection)).forEach(slot -> slot.asked(connection, reason));
                look();
            });
        }

        @Override
        public void ended(Connection connection, String why) {
            loop.run(() -> {
                open.remove(connection);
                slots.stream().filter(slot -> slot.has(connection)).forEach(slot -> slot.ended(why));
                look();
            });
        }
    }
}
