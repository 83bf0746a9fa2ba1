package dev.slackline.slack.socket;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection open: opens the next before the last is left, except where there is none to be left any more. Belongs
 * to the loop.
 */
final class Slot {

    private static final Logger log = LoggerFactory.getLogger(Slot.class);

    /** A connection that lasts no longer than this counts as a failure, or Slack would be asked in a tight circle. */
    private static final Duration BRIEF = Duration.ofSeconds(10);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
    /** With ten connections there is room only when one of them ends. */
    private static final Duration CROWDED = Duration.ofSeconds(30);
    /** After how much of its lifetime a connection is replaced; the slots share the span between them. */
    private static final double EARLIEST = 0.7;

    private static final double SPAN = 0.2;

    /** Who is told what becomes of it. */
    interface Owner {

        /** The slot has got a connection. */
        void opened(Slot slot, Connection connection, Frame.Hello hello);
    }

    private final Owner owner;
    private final Loop loop;
    private final Dialer dialer;
    private final Farewell farewell;
    private final double place;
    private final double width;
    private final Backoff briefly = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    private final Reconnects reconnects;
    private @Nullable Connection current;
    private long openedAt;
    private boolean dialling;
    private boolean stopped;
    private Runnable cancelPlanned = () -> {};

    /**
     * A slot without a connection.
     *
     * @param index which one it is, of {@code count}
     */
    Slot(Owner owner, Loop loop, Dialer dialer, Reconnects reconnects, int index, int count) {
        this.owner = owner;
        this.loop = loop;
        this.dialer = dialer;
        this.farewell = new Farewell(loop);
        this.place = EARLIEST + SPAN * index / count;
        this.width = SPAN / count;
        this.reconnects = reconnects;
    }

    /** Begins. */
    void start() {
        dial(Duration.ZERO);
    }

    /** Whether it has a connection over which something can come. */
    boolean isConnected() {
        Connection connection = current;
        return connection != null && !connection.isSilent();
    }

    /** Whether this is its connection. */
    boolean has(Connection connection) {
        return connection == current;
    }

    /** Slack wants its connection to be left (Slack rule 23). */
    void asked(Connection connection, String reason) {
        log.debug("Slack asks to leave a connection reason={}", reason);
        if (reason.equals("too_many_websockets")) {
            current = null;
            farewell.to(connection);
            lost(Reconnects.Cause.CROWDED, CROWDED.plus(jitter(CROWDED)));
        } else {
            replace(Reconnects.Cause.REQUESTED);
        }
    }

    /** Its connection is no more. */
    void ended(String why) {
        log.debug("a connection ended: {}", why);
        current = null;
        lost(Reconnects.Cause.LOST, Duration.ZERO);
    }

    /** Its connection is silent. It stays until there is another: it may be Slack that is slow. */
    void silent() {
        replace(Reconnects.Cause.SILENT);
    }

    /** Replaces its connection at the latest then, to hear again how many there are. */
    void replaceWithin(Duration limit) {
        loop.after(limit.plus(jitter(limit)), () -> replace(Reconnects.Cause.PLANNED));
    }

    /** Opens no more. */
    void stop() {
        stopped = true;
        cancelPlanned.run();
    }

    private void replace(Reconnects.Cause cause) {
        if (!dialling && !stopped) {
            reconnects.happened(cause);
            dial(pauseAfter(Duration.ZERO));
        }
    }

    private void lost(Reconnects.Cause cause, Duration atLeast) {
        cancelPlanned.run();
        if (!dialling && !stopped) {
            reconnects.happened(cause);
            dial(atLeast.plus(pauseAfter(jitter(FIRST_PAUSE))));
        }
    }

    private void dial(Duration pause) {
        dialling = true;
        loop.after(pause, () -> {
            if (!stopped) {
                dialer.dial(this::opened);
            }
        });
    }

    private void opened(Connection connection, Frame.Hello hello) {
        dialling = false;
        Connection old = current;
        current = connection;
        openedAt = loop.nanos();
        cancelPlanned.run();
        if (!hello.lifetime().isZero()) {
            double part = place + width * ThreadLocalRandom.current().nextDouble();
            Duration planned = Duration.ofMillis((long) (hello.lifetime().toMillis() * part));
            cancelPlanned = loop.after(planned, () -> replace(Reconnects.Cause.PLANNED));
        }
        owner.opened(this, connection, hello);
        if (old != null) {
            farewell.to(old);
        }
    }

    private Duration pauseAfter(Duration usual) {
        if (loop.nanos() - openedAt > BRIEF.toNanos()) {
            briefly.reset();
            return usual;
        }
        return briefly.failures() == 0 ? first(usual) : briefly.next();
    }

    private Duration first(Duration usual) {
        briefly.next();
        return usual;
    }

    private static Duration jitter(Duration upTo) {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(upTo.toMillis() + 1));
    }
}
