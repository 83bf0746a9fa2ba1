package dev.slackline.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** Clients that call a tool that does nothing, each on a connection of its own, again as soon as it has answered. */
final class McpLoad {

    /** The tool, one of the fixtures of the conformance suite. */
    static final String TOOL = "test_simple_text";
    /** What it answers. */
    static final String TEXT = "This is a simple text response for testing.";

    private final int port;
    private final McpEra era;
    private final int clients;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();

    McpLoad(int port, McpEra era, int clients) {
        this.port = port;
        this.era = era;
        this.clients = clients;
    }

    /** What became of all calls so far. */
    record Ledger(long sent, long answered, long errors) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%,d sent, %,d answered, %,d errors", sent, answered, errors);
        }
    }

    Ledger ledger() {
        return new Ledger(sent.get(), answered.get(), errors.get());
    }

    /** Calls for a while; measures what was answered as it should be. */
    Measured run(double seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        List<McpConnection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < clients; i++) {
                connections.add(McpConnection.ready(port, era));
            }
            long start = System.nanoTime();
            long end = start + (long) (seconds * 1e9);
            List<Future<Histogram>> callers = new ArrayList<>();
            for (McpConnection connection : connections) {
                callers.add(threads.submit(() -> call(connection, end)));
            }
            Histogram all = Measured.newHistogram();
            for (Future<Histogram> caller : callers) {
                all.add(caller.get());
            }
            return new Measured(all.getTotalCount(), (System.nanoTime() - start) / 1e9, all);
        } finally {
            threads.shutdownNow();
            for (McpConnection connection : connections) {
                connection.close();
            }
        }
    }

    private Histogram call(McpConnection connection, long end) throws IOException {
        Histogram latencies = Measured.newHistogram();
        while (System.nanoTime() < end) {
            long began = System.nanoTime();
            sent.incrementAndGet();
            String answer = connection.call(TOOL, "{}");
            if (answer.contains(TEXT)) {
                answered.incrementAndGet();
                latencies.recordValue((System.nanoTime() - began) / 1000);
            } else {
                errors.incrementAndGet();
            }
        }
        return latencies;
    }
}
