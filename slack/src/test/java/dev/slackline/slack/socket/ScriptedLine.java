package dev.slackline.slack.socket;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection of {@link ScriptedSlack}, frame by frame. */
final class ScriptedLine {

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int LAST = 0x80;

    /** The texts that came from the client. */
    final List<String> received = new CopyOnWriteArrayList<>();

    final AtomicInteger pings = new AtomicInteger();
    final AtomicInteger pongs = new AtomicInteger();
    /** Whether the client has said that it closes. */
    final AtomicBoolean saidClose = new AtomicBoolean();

    /** Whether a close of the client is answered. */
    volatile boolean answersClose = true;

    private final ScriptedSlack slack;
    private final Socket socket;
    private final AtomicBoolean usable = new AtomicBoolean();
    private volatile boolean frozen;

    ScriptedLine(ScriptedSlack slack, Socket socket) {
        this.slack = slack;
        this.socket = socket;
    }

    boolean isUsable() {
        return usable.get();
    }

    boolean isClosed() {
        return socket.isClosed();
    }

    void greet() {
        usable.set(true);
        int own = slack.greetedNow(1);
        send("{\"type\":\"hello\",\"num_connections\":" + (own + slack.ghosts)
                + ",\"connection_info\":{\"app_id\":\"A1\"},\"debug_info\":{\"host\":\"applink-1\",\"build_number\":1,"
                + "\"approximate_connection_time\":" + slack.lifetimeSeconds + "}}");
    }

    void disconnect(String reason) {
        send("{\"type\":\"disconnect\",\"reason\":\"" + reason + "\",\"debug_info\":{\"host\":\"applink-1\"}}");
    }

    /** Sends an event in an envelope; its acknowledgement is {@code {"envelope_id":"<id>"}}. */
    void event(String envelopeId, String eventId) {
        send(envelope(envelopeId, eventId));
    }

    static String envelope(String envelopeId, String eventId) {
        return "{\"envelope_id\":\"" + envelopeId + "\",\"payload\":" + payload(eventId)
                + ",\"type\":\"events_api\",\"accepts_response_payload\":false,\"retry_attempt\":0,\"retry_reason\":\"\"}";
    }

    static String payload(String eventId) {
        return "{\"type\":\"event_callback\",\"team_id\":\"T1\",\"event_id\":\"" + eventId
                + "\",\"event\":{\"type\":\"message\",\"channel\":\"C1\",\"text\":\"hello\"}}";
    }

    static String acknowledgement(String envelopeId) {
        return "{\"envelope_id\":\"" + envelopeId + "\"}";
    }

    boolean hasAcknowledged(String envelopeId) {
        return received.contains(acknowledgement(envelopeId));
    }

    void send(String text) {
        frame(LAST | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a text as frames of so many bytes each, wherever a character is cut. */
    void sendInParts(String text, int size) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at += size) {
            int end = Math.min(bytes.length, at + size);
            frame(
                    (end == bytes.length ? LAST : 0) | (at == 0 ? TEXT : CONTINUATION),
                    Arrays.copyOfRange(bytes, at, end));
        }
    }

    void ping() {
        frame(LAST | PING, "Ping from applink".getBytes(StandardCharsets.US_ASCII));
    }

    void close(int code) {
        frame(LAST | CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    }

    /** Reads and answers nothing any more, and stays open. */
    void freeze() {
        frozen = true;
        unusable();
    }

    /** Cuts the connection with a TCP reset. */
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
                if (!frozen) {
                    take(first & 0x0f, content);
                }
            }
        } finally {
            unusable();
            socket.close();
        }
    }

    private void take(int kind, byte[] content) {
        switch (kind) {
            case TEXT -> received.add(new String(content, StandardCharsets.UTF_8));
            case PING -> {
                pings.incrementAndGet();
                frame(LAST | PONG, content);
            }
            case PONG -> pongs.incrementAndGet();
            case CLOSE -> {
                saidClose.set(true);
                unusable();
                if (answersClose) {
                    frame(LAST | CLOSE, content);
                }
            }
            default -> throw new IllegalStateException("the client sent a frame of kind " + kind);
        }
    }

    private static byte[] content(DataInputStream in) throws IOException {
        int length = in.readUnsignedByte() & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = (int) in.readLong();
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
            slack.greetedNow(-1);
        }
    }

    private synchronized void frame(int first, byte[] content) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(content.length + 10);
        frame.write(first);
        if (content.length < 126) {
            frame.write(content.length);
        } else if (content.length < 1 << 16) {
            frame.write(126);
            frame.write(content.length >> 8);
            frame.write(content.length);
        } else {
            frame.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) content.length >> shift));
            }
        }
        frame.writeBytes(content);
        try {
            socket.getOutputStream().write(frame.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
