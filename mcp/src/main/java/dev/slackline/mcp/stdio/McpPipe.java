package dev.slackline.mcp.stdio;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.legacy.LegacyPipe;
import dev.slackline.mcp.modern.Modern;
import dev.slackline.mcp.protocol.Message;
import dev.slackline.mcp.protocol.Methods;
import dev.slackline.mcp.protocol.Offer;
import dev.slackline.mcp.protocol.Outlet;
import dev.slackline.mcp.protocol.RpcException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The MCP server over stdio, for every version of the protocol: a message a line, in and out. Requests are answered as
 * they are done, in any order. One thread reads.
 */
public final class McpPipe {

    /** Where the messages go. Thread-safe. */
    public interface Writer {

        /** Writes one line and its end, and flushes it. Fails when nobody reads any more. */
        void write(byte[] line) throws IOException;
    }

    private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);
    private static final String CANCELLED = "notifications/cancelled";

    private final InputStream in;
    private final Writer out;
    private final int maxMessage;
    private final Modern modern;
    private final LegacyPipe legacy;
    private final Map<Object, Pending> pending = new ConcurrentHashMap<>();

    /**
     * A server that has not begun.
     *
     * @param maxMessage the longest message, in bytes
     */
    public McpPipe(Offer offer, InputStream in, Writer out, int maxMessage) {
        Methods methods = new Methods(offer.catalog());
        this.in = in;
        this.out = out;
        this.maxMessage = maxMessage;
        this.modern = new Modern(offer, methods);
        this.legacy = new LegacyPipe(offer, methods, this::write);
    }

    /**
     * Serves until the client closes its end, and then up to five seconds more for the answers under way. Blocks the
     * thread that calls it.
     *
     * @throws UncheckedIOException if the stream cannot be read
     */
    public void run() {
        Lines lines = new Lines(in, maxMessage);
        try {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                take(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("stdin cannot be read", e);
        }
        modern.close();
        awaitAnswers();
        pending.values().forEach(Pending::leave);
        legacy.close();
    }

    private void take(byte[] line) {
        if (new String(line, StandardCharsets.UTF_8).isBlank()) {
            return;
        }
        Message message;
        try {
            message = Message.parse(line);
        } catch (RpcException e) {
            write(Message.errorWithoutId(e));
            return;
        }
        if (message.method().equals(CANCELLED)) {
            Pending cancelled = pending.get(message.params().getOrDefault("requestId", ""));
            if (cancelled != null) {
                cancelled.leave();
            }
            return;
        }
        Pending request = new Pending(message);
        if (message.isRequest() && pending.putIfAbsent(message.id(), request) != null) {
            write(message.error(
                    new RpcException(RpcException.INVALID_REQUEST, "a request with this id is being answered")));
            return;
        }
        if (!Modern.speaks(message, null, version -> true)) {
            legacy.take(message, request);
        } else if (message.isRequest()) {
            modern.answer(message, Caller.LOCAL, request);
        }
    }

    private void awaitAnswers() {
        CompletableFuture<?>[] answers =
                pending.values().stream().map(request -> request.over).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(answers).get(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            // the client has closed its end and cannot mind much
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // they only ever complete
        }
    }

    /** A client that has gone reads nothing, and its end of the other stream says so. */
    private void write(Object message) {
        byte[] json = Message.JSON.writeValueAsBytes(message);
        try {
            out.write(json);
        } catch (IOException e) {
            pending.values().forEach(Pending::leave);
        }
    }

    /** A request that has no answer yet. The SDK's session writes by itself and only says when it is done. */
    private final class Pending implements Outlet {

        private final Message message;
        private final CompletableFuture<Void> gone = new CompletableFuture<>();
        private final CompletableFuture<Void> over = new CompletableFuture<>();

        Pending(Message message) {
            this.message = message;
        }

        /** From here on nothing is written for it; only then does the tool hear of it. */
        void leave() {
            if (finish()) {
                gone.complete(null);
            }
        }

        @Override
        public void send(Object notification) {
            if (!over.isDone()) {
                write(notification);
            }
        }

        @Override
        public void end(int status, Object answer) {
            if (!over.isDone()) {
                write(answer);
                finish();
            }
        }

        @Override
        public void end() {
            finish();
        }

        private boolean finish() {
            if (message.isRequest()) {
                pending.remove(message.id(), this);
            }
            return over.complete(null);
        }

        @Override
        public CompletionStage<Void> gone() {
            return gone;
        }
    }
}
