package dev.slackline.mcp.http;

import dev.slackline.mcp.protocol.Message;
import dev.slackline.mcp.protocol.Outlet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The answer to one request: a JSON object if there is but one message, a stream of server-sent events as soon as there
 * are more, or as soon as it takes long. A client that does not read what it is sent is cut off. Thread-safe; never blocks.
 */
final class HttpReply implements Outlet {

    private static final int MAX_WAITING_BYTES = 16 << 20;
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};

    private final Response response;
    private final Callback callback;
    private final boolean takesStream;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean streams;
    private boolean writing;
    private boolean ended;
    private boolean lastWritten;
    private boolean quiet = true;

    HttpReply(Response response, Callback callback, boolean takesStream) {
        this.response = response;
        this.callback = callback;
        this.takesStream = takesStream;
    }

    @Override
    public void header(String name, String value) {
        response.getHeaders().put(name, value);
    }

    /** Becomes a stream, which the client sees at once. */
    void stream() {
        synchronized (this) {
            if (!ended && !streams) {
                beginStream();
                waiting.add(COMMENT);
            }
        }
        write();
    }

    @Override
    public void send(Object message) {
        byte[] json = json(message);
        synchronized (this) {
            if (ended || !takesStream) {
                return;
            }
            if (!streams) {
                beginStream();
            }
            add(event(json));
        }
        write();
    }

    @Override
    public void end(int status, Object message) {
        byte[] json = json(message);
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            if (streams) {
                add(event(json));
            } else {
                response.setStatus(status);
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
                add(json);
            }
        }
        write();
    }

    @Override
    public void end() {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            if (!streams) {
                response.setStatus(202);
            }
        }
        write();
    }

    @Override
    public CompletionStage<Void> gone() {
        return gone;
    }

    /** Completes when there is nothing more to do for this answer. */
    CompletionStage<Void> over() {
        return over;
    }

    /** Shows those on the way that the connection is used, and finds out whether it still is. Called now and then. */
    void keepAlive() {
        synchronized (this) {
            if (ended || writing || !takesStream) {
                return;
            }
            if (quiet) {
                if (!streams) {
                    beginStream();
                }
                waiting.add(COMMENT);
            }
            quiet = true;
        }
        write();
    }

    private void beginStream() {
        streams = true;
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        response.getHeaders().put("X-Accel-Buffering", "no");
    }

    private void add(byte[] bytes) {
        waiting.add(bytes);
        waitingBytes += bytes.length;
        quiet = false;
    }

    /** Writes what waits, one after the other. */
    private void write() {
        byte[] next;
        boolean last;
        synchronized (this) {
            if (writing || lastWritten) {
                return;
            }
            if (waitingBytes > MAX_WAITING_BYTES && streams && waiting.size() > 1) {
                ended = true;
                waiting.clear();
            }
            next = waiting.poll();
            if (next == null && !ended) {
                return;
            }
            waitingBytes -= next == null ? 0 : next.length;
            last = ended && waiting.isEmpty();
            writing = true;
            lastWritten = last;
        }
        response.write(last, ByteBuffer.wrap(next == null ? NOTHING : next), new Callback() {
            @Override
            public void succeeded() {
                written(last, null);
            }

            @Override
            public void failed(Throwable failure) {
                written(true, failure);
            }
        });
    }

    private void written(boolean last, @Nullable Throwable failure) {
        synchronized (this) {
            writing = false;
            ended |= failure != null;
            lastWritten |= failure != null;
        }
        if (failure != null) {
            callback.failed(failure);
            gone.complete(null);
            over.complete(null);
        } else if (last) {
            callback.succeeded();
            over.complete(null);
        } else {
            write();
        }
    }

    /** What is written for a message. */
    static byte[] json(Object message) {
        try {
            return Message.JSON.writeValueAsBytes(message);
        } catch (JacksonException e) {
            throw new IllegalStateException("an answer that is no JSON", e);
        }
    }

    private static byte[] event(byte[] json) {
        byte[] head = "event: message\ndata: ".getBytes(StandardCharsets.US_ASCII);
        byte[] event = new byte[head.length + json.length + 2];
        System.arraycopy(head, 0, event, 0, head.length);
        System.arraycopy(json, 0, event, head.length, json.length);
        event[event.length - 2] = '\n';
        event[event.length - 1] = '\n';
        return event;
    }
}
