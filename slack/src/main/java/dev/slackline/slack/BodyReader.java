package dev.slackline.slack;

import java.util.Arrays;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Reads a request's body into memory up to a bound, without ever blocking a thread. What goes beyond the bound is
 * thrown away as it comes, for a while, so that the client is still listening when it gets its answer.
 */
public final class BodyReader implements Invocable.Task {

    /** Told exactly once how it went, on a thread of the server. */
    public interface Outcome {

        /** The whole body. */
        void read(byte[] body);

        /** More than the bound. */
        void tooLarge();

        /** The body broke off, was broken, or was too slow. */
        void incomplete(Throwable cause);
    }

    private static final int FIRST_BUFFER = 8 * 1024;
    private static final long MAX_DISCARDED = 8L << 20;
    private static final byte[] NOTHING = {};

    private final Request request;
    private final int bound;
    private final Outcome outcome;
    private byte[] buffer = NOTHING;
    private int size;
    private long discarded;

    /** A reader of one request that has not been read. */
    public BodyReader(Request request, int bound, Outcome outcome) {
        this.request = request;
        this.bound = bound;
        this.outcome = outcome;
    }

    /** Starts reading. */
    public void start() {
        long announced = request.getLength();
        boolean waits = request.getHeaders().contains(HttpHeader.EXPECT);
        if (announced > bound && (waits || announced - bound > MAX_DISCARDED)) {
            outcome.tooLarge();
        } else {
            // no more than a start is set aside for a length that is merely announced
            buffer = announced > 0 ? new byte[(int) Math.min(announced, FIRST_BUFFER)] : NOTHING;
            run();
        }
    }

    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                outcome.incomplete(chunk.getFailure());
                return;
            }
            take(chunk);
            boolean last = chunk.isLast();
            chunk.release();
            if (last || discarded > MAX_DISCARDED) {
                end();
                return;
            }
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    private void end() {
        if (discarded > 0) {
            outcome.tooLarge();
        } else {
            outcome.read(size == buffer.length ? buffer : Arrays.copyOf(buffer, size));
        }
    }

    private void take(Content.Chunk chunk) {
        int more = chunk.remaining();
        if (discarded > 0 || size + (long) more > bound) {
            discarded += more;
            buffer = NOTHING;
            return;
        }
        if (size + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, (int) Math.min(bound, Math.max(size + (long) more, buffer.length * 2L)));
        }
        chunk.get(buffer, size, more);
        size += more;
    }
}
