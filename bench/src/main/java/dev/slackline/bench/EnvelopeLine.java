package dev.slackline.bench;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/** One connection of {@link EnvelopeSource}: frames in and out. */
final class EnvelopeLine {

    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8a;
    private static final int WRITTEN_AT_ONCE = 32;

    private final EnvelopeSource source;
    private final Envelopes envelopes;
    private final Socket socket;
    private final AtomicBoolean usable = new AtomicBoolean(true);

    EnvelopeLine(EnvelopeSource source, Envelopes envelopes, Socket socket) {
        this.source = source;
        this.envelopes = envelopes;
        this.socket = socket;
    }

    boolean isUsable() {
        return usable.get();
    }

    void greet(int connections) {
        text("{\"type\":\"hello\",\"num_connections\":" + connections + ",\"connection_info\":{\"app_id\":\"A0BENCH\"},"
                + "\"debug_info\":{\"host\":\"applink-1\",\"approximate_connection_time\":18060}}");
    }

    /** Sends whenever there is room, several envelopes in one write. */
    void sendUntil(long end) {
        try {
            while (System.nanoTime() < end && usable.get()) {
                ByteArrayOutputStream frames = new ByteArrayOutputStream(WRITTEN_AT_ONCE * 1_500);
                envelopes.awaitRoom();
                int count = 0;
                do {
                    frame(frames, TEXT, envelopes.next());
                    count++;
                } while (count < WRITTEN_AT_ONCE && envelopes.mayBeSentAtOnce());
                write(frames);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void reset() {
        unusable();
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // it has gone already
        }
    }

    void read(InputStream input) throws IOException {
        DataInputStream in = new DataInputStream(input);
        try {
            while (true) {
                int first = in.readUnsignedByte();
                byte[] content = content(in);
                take(first, content);
            }
        } finally {
            unusable();
        }
    }

    private void take(int first, byte[] content) {
        switch (first) {
            case TEXT -> envelopes.acknowledged(content);
            case PING -> one(PONG, content);
            case CLOSE -> {
                unusable();
                one(CLOSE, content);
            }
            default -> {
                // a pong
            }
        }
    }

    private static byte[] content(DataInputStream in) throws IOException {
        int length = in.readUnsignedByte() & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        }
        byte[] mask = in.readNBytes(4);
        byte[] content = in.readNBytes(length);
        for (int i = 0; i < content.length; i++) {
            content[i] ^= mask[i % 4];
        }
        return content;
    }

    private void unusable() {
        if (usable.compareAndSet(true, false)) {
            source.changed(-1);
        }
    }

    private void text(String text) {
        one(TEXT, text.getBytes(StandardCharsets.US_ASCII));
    }

    private void one(int first, byte[] content) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(content.length + 4);
        frame(frame, first, content);
        write(frame);
    }

    private static void frame(ByteArrayOutputStream out, int first, byte[] content) {
        out.write(first);
        if (content.length < 126) {
            out.write(content.length);
        } else {
            out.write(126);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
    }

    private synchronized void write(ByteArrayOutputStream frames) {
        try {
            frames.writeTo(socket.getOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
