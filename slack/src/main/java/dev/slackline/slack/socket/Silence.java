package dev.slackline.slack.socket;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Notices a connection whose other side has vanished without a word (half-open): nothing comes, not even the answer to a
 * ping. Counts its own ticks rather than time, so that a process which was stopped for a while does not take its own absence
 * for Slack's. Ticks come from one thread; {@link #heard()} from any.
 */
final class Silence {

    private static final int TICKS_BETWEEN_PINGS = 4;
    private static final int TOO_MANY_TICKS = 10;

    private final AtomicBoolean heard = new AtomicBoolean(true);
    private volatile int quiet;
    private int untilPing;
    private CompletableFuture<@Nullable WebSocket> ping = CompletableFuture.completedFuture(null);

    /** Something came. */
    void heard() {
        heard.set(true);
    }

    /**
     * Half a second has passed.
     *
     * @param held whether nothing can be heard because nothing is read
     * @return whether it has been silent for too long
     */
    boolean tick(WebSocket socket, boolean held) {
        quiet = heard.getAndSet(false) || held ? 0 : quiet + 1;
        if (--untilPing <= 0 && ping.isDone()) {
            untilPing = TICKS_BETWEEN_PINGS;
            ping = socket.sendPing(ByteBuffer.allocate(0)).thenApply(open -> open);
        }
        return isTooLong();
    }

    /** Whether it was silent for too long at the last tick. */
    boolean isTooLong() {
        return quiet >= TOO_MANY_TICKS;
    }
}
