package dev.slackline.bench;

import dev.slackline.slack.SlackSignature;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** Sends signed, unique events over keep-alive connections, one request at a time on each, as fast as answers come. */
final class LoadGenerator {

    private static final int EVENT_BYTES = 1_200;

    private final int port;
    private final SlackSignature signature;
    private final int connections;
    private final AtomicLong number = new AtomicLong();
    private final ConcurrentHashMap<Integer, AtomicLong> answers = new ConcurrentHashMap<>();

    LoadGenerator(int port, String secret, int connections) {
        this.port = port;
        this.signature = new SlackSignature(List.of(secret));
        this.connections = connections;
    }

    /** How often each status was answered, over all runs. */
    long answered(int status) {
        AtomicLong count = answers.get(status);
        return count == null ? 0 : count.get();
    }

    long answeredOtherThan200() {
        return answers.entrySet().stream()
                .filter(answer -> answer.getKey() != 200)
                .mapToLong(answer -> answer.getValue().get())
                .sum();
    }

    /** Sends for a while; counts what was answered 200. */
    Measured run(double seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            long start = System.nanoTime();
            long end = start + (long) (seconds * 1e9);
            List<Future<Histogram>> senders = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                senders.add(threads.submit(() -> send(end)));
            }
            Histogram all = Measured.newHistogram();
            for (Future<Histogram> sender : senders) {
                all.add(sender.get());
            }
            return new Measured(all.getTotalCount(), (System.nanoTime() - start) / 1e9, all);
        } finally {
            threads.shutdownNow();
        }
    }

    private Histogram send(long end) throws IOException {
        Histogram latencies = Measured.newHistogram();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            InputStream in = new BufferedInputStream(socket.getInputStream(), 2_048);
            while (System.nanoTime() < end) {
                byte[] request = request();
                long began = System.nanoTime();
                out.write(request);
                int status = readAnswer(in);
                answers.computeIfAbsent(status, unused -> new AtomicLong()).incrementAndGet();
                if (status == 200) {
                    latencies.recordValue((System.nanoTime() - began) / 1000);
                }
            }
        }
        return latencies;
    }

    private byte[] request() {
        long n = number.incrementAndGet();
        String head = "{\"token\":\"t\",\"team_id\":\"T0BENCH\",\"api_app_id\":\"A0BENCH\",\"type\":\"event_callback\","
                + "\"event_id\":\"EvBENCH" + n + "\",\"event_time\":1700000000,\"event\":{\"type\":\"message\","
                + "\"channel\":\"C" + n % 1_000 + "\",\"user\":\"U0BENCH\",\"ts\":\"1700000000." + n
                + "\",\"text\":\"";
        byte[] body = (head + "x".repeat(Math.max(0, EVENT_BYTES - head.length() - 3)) + "\"}}")
                .getBytes(StandardCharsets.US_ASCII);
        long now = System.currentTimeMillis() / 1000;
        byte[] header = ("POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                        + "X-Slack-Request-Timestamp: " + now + "\r\nX-Slack-Signature: "
                        + signature.sign(Instant.ofEpochSecond(now), body) + "\r\nContent-Length: " + body.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[header.length + body.length];
        System.arraycopy(header, 0, request, 0, header.length);
        System.arraycopy(body, 0, request, header.length, body.length);
        return request;
    }

    /** Reads one answer to its end and returns its status. */
    private static int readAnswer(InputStream in) throws IOException {
        String first = readLine(in);
        int status = Integer.parseInt(first.substring(9, 12));
        int length = 0;
        for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        in.skipNBytes(length);
        return status;
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(40);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the server closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
