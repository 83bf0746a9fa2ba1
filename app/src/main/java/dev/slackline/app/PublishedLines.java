package dev.slackline.app;

import dev.slackline.app.process.Terminal;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Publishes lines, many at once, and prints their ids in the order of the lines as soon as each is durable. Used once.
 */
final class PublishedLines {

    private static final int IN_FLIGHT = 512;
    private static final int READ_AHEAD = 64 * 1024;

    private final Queue queue;
    private final Function<Payload, Message> toMessage;
    private final Terminal terminal;
    private final long maxLine;
    private final BlockingQueue<Line> inFlight = new ArrayBlockingQueue<>(IN_FLIGHT);
    private boolean failed;

    /** A line on its way; number 0 marks the end. */
    private record Line(long number, CompletableFuture<Message> published) {}

    PublishedLines(Queue queue, Function<Payload, Message> toMessage, Terminal terminal) {
        this.queue = queue;
        this.toMessage = toMessage;
        this.terminal = terminal;
        this.maxLine = queue.settings().maxPayload();
    }

    /** Publishes every line that is not blank. @return whether all of them are durable */
    boolean publish(InputStream lines) throws IOException {
        CompletableFuture<Void> printed = CompletableFuture.runAsync(this::print, task -> {
            Thread thread = new Thread(task, "slackline-publish-print");
            thread.setDaemon(true);
            thread.start();
        });
        try {
            read(lines, printed);
        } finally {
            add(new Line(0, new CompletableFuture<>()), printed);
        }
        printed.join();
        return !failed;
    }

    private void read(InputStream lines, CompletableFuture<Void> printed) throws IOException {
        byte[] buffer = new byte[READ_AHEAD];
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long number = 1;
        for (int length = lines.read(buffer); length >= 0; length = lines.read(buffer)) {
            int start = 0;
            for (int i = 0; i < length; i++) {
                if (buffer[i] == '\n') {
                    append(line, buffer, start, i);
                    if (!accept(number++, line, printed)) {
                        return;
                    }
                    line.reset();
                    start = i + 1;
                }
            }
            append(line, buffer, start, length);
        }
        accept(number, line, printed);
    }

    /** Publishes a line unless it is blank, and waits for room. @return false when reading on is useless */
    private boolean accept(long number, ByteArrayOutputStream line, CompletableFuture<Void> printed) {
        return isBlank(line) || add(new Line(number, published(line)), printed);
    }

    /** Keeps at most what tells that the line is too long. */
    private void append(ByteArrayOutputStream line, byte[] buffer, int from, int to) {
        long room = maxLine + 1 - line.size();
        line.write(buffer, from, (int) Math.min(to - from, Math.max(0, room)));
    }

    private CompletableFuture<Message> published(ByteArrayOutputStream line) {
        if (line.size() > maxLine) {
            return CompletableFuture.failedFuture(
                    new UsageException("it is longer than the " + maxLine + " bytes that QUEUE_MAX_PAYLOAD allows"));
        }
        try {
            return queue.publish(toMessage.apply(Payload.parse(line.toByteArray())));
        } catch (QueueException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static boolean isBlank(ByteArrayOutputStream line) {
        for (byte b : line.toByteArray()) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    /** Waits for room. @return false when nothing is printed any more, because stdout was closed */
    private boolean add(Line line, CompletableFuture<Void> printed) {
        try {
            while (!printed.isDone()) {
                if (inFlight.offer(line, 100, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private void print() {
        try {
            for (Line line = inFlight.take(); line.number > 0; line = inFlight.take()) {
                print(line);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(Line line) {
        Message message;
        try {
            message = line.published.join();
        } catch (CompletionException e) {
            failed = true;
            Throwable cause = e.getCause() == null ? e : e.getCause();
            terminal.say("line " + line.number + ": " + cause.getMessage());
            return;
        }
        terminal.result(message.id());
    }
}
