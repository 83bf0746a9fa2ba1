package dev.slackline.slack;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Cuts off clients whose requests take too long to arrive. An idle timeout does not: one byte before each of its ends
 * holds a connection for ever. Looks at every connection from time to time, which costs a request nothing. Requests
 * that have arrived and wait for their answer are left alone.
 */
final class SlowRequests extends AbstractLifeCycle implements Connection.Listener {

    private final Scheduler scheduler;
    private final Duration limit;
    private final long interval;
    private final Map<HttpConnection, Watch> open = new ConcurrentHashMap<>();
    private volatile Scheduler.@Nullable Task next;

    SlowRequests(Scheduler scheduler, Duration limit) {
        this.scheduler = scheduler;
        this.limit = limit;
        this.interval = Math.min(1000, Math.max(20, limit.toMillis() / 5));
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof HttpConnection http) {
            open.put(http, new Watch());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        if (connection instanceof HttpConnection http) {
            open.remove(http);
        }
    }

    @Override
    protected void doStart() {
        again();
    }

    @Override
    protected void doStop() {
        Scheduler.Task task = next;
        if (task != null) {
            task.cancel();
        }
    }

    private void again() {
        next = scheduler.schedule(this::look, interval, TimeUnit.MILLISECONDS);
    }

    private void look() {
        long now = System.nanoTime();
        open.forEach((connection, watch) -> {
            if (watch.isTooSlow(connection, now)) {
                connection
                        .getEndPoint()
                        .close(new TimeoutException("the request did not arrive within " + limit.toMillis() + " ms"));
            }
        });
        if (isRunning()) {
            again();
        }
    }

    private static boolean isArriving(HttpParser.State state) {
        return switch (state) {
            case START, END, CLOSE, CLOSED -> false;
            default -> true;
        };
    }

    /** One connection; used by one look at a time. */
    private final class Watch {

        private long requests = -1;
        private long since;

        boolean isTooSlow(HttpConnection connection, long now) {
            long seen = connection.getMessagesIn();
            if (!isArriving(connection.getParser().getState())) {
                requests = -1;
            } else if (requests != seen) {
                requests = seen;
                since = now;
            }
            return requests >= 0 && now - since > limit.toNanos();
        }
    }
}
