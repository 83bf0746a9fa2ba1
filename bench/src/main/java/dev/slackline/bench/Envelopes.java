package dev.slackline.bench;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Unique envelopes, and when each was sent and acknowledged. Thread-safe. */
final class Envelopes {

    private static final int EVENT_BYTES = 1_200;
    /** More than are ever in flight. */
    private static final int REMEMBERED = 1 << 16;

    private final Semaphore room;
    private final int inFlight;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong twice = new AtomicLong();
    /** When it was sent; 0 once it is acknowledged. */
    private final AtomicLongArray times = new AtomicLongArray(REMEMBERED);

    private volatile Histogram latencies = Measured.newHistogram();

    Envelopes(int inFlight) {
        this.inFlight = inFlight;
        room = new Semaphore(inFlight);
    }

    void begin() {
        latencies = new ConcurrentHistogram(60_000_000, 3);
    }

    Measured measured(double seconds) {
        return new Measured(latencies.getTotalCount(), seconds, latencies);
    }

    long acknowledged() {
        return acknowledged.get();
    }

    long acknowledgedTwice() {
        return twice.get();
    }

    boolean areAllAcknowledged() {
        return room.availablePermits() == inFlight;
    }

    boolean mayBeSentAtOnce() {
        return room.tryAcquire();
    }

    void awaitRoom() throws InterruptedException {
        room.acquire();
    }

    /** The next one, as text. */
    byte[] next() {
        long n = sent.incrementAndGet();
        String head = "{\"envelope_id\":\"bench-" + n + "\",\"payload\":{\"token\":\"t\",\"team_id\":\"T0BENCH\","
                + "\"api_app_id\":\"A0BENCH\",\"type\":\"event_callback\",\"event_id\":\"EvBENCH" + n
                + "\",\"event_time\":1700000000,\"event\":{\"type\":\"message\",\"channel\":\"C" + n % 1_000
                + "\",\"user\":\"U0BENCH\",\"ts\":\"1700000000." + n + "\",\"text\":\"";
        String tail = "\"}},\"type\":\"events_api\",\"accepts_response_payload\":false,\"retry_attempt\":0,"
                + "\"retry_reason\":\"\"}";
        byte[] text = (head + "x".repeat(EVENT_BYTES - head.length() + 60) + tail).getBytes(StandardCharsets.US_ASCII);
        times.set((int) (n % REMEMBERED), System.nanoTime());
        return text;
    }

    /** Takes {@code {"envelope_id":"bench-7"}}. */
    void acknowledged(byte[] text) {
        long n = 0;
        int at = new String(text, StandardCharsets.US_ASCII).indexOf("bench-") + 6;
        while (text[at] != '"') {
            n = n * 10 + text[at++] - '0';
        }
        long began = times.getAndSet((int) (n % REMEMBERED), 0);
        if (began == 0) {
            twice.incrementAndGet();
        } else {
            acknowledged.incrementAndGet();
            latencies.recordValue((System.nanoTime() - began) / 1000);
            room.release();
        }
    }
}
