package dev.slackline.bench;

import dev.slackline.queue.Queue;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Envelopes into the real {@code serve}, a process of its own, through the sockets of a Slack that does nothing else. */
@Command(
        name = "socket",
        description = "Envelopes of Socket Mode into 'serve' on SQLite; and how long it is without a connection.")
final class SocketBench implements Callable<Integer> {

    private static final int SOCKETS = 2;
    /** Slack waits for none of them; these are as many as come before the first is acknowledged. */
    private static final int IN_FLIGHT = 512;

    @Mixin
    private final RunOptions options = new RunOptions(8);

    private final Table table = new Table("socket");

    @Override
    public Integer call() throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder();
                EnvelopeSource slack = EnvelopeSource.start(IN_FLIGHT)) {
            Path file = folder.file("socket.db");
            try (ServerProcess serve = serve(file, slack)) {
                slack.awaitConnections(SOCKETS);
                load(slack, serve, file);
                interruptions(slack, serve);
            }
        }
        options.report(table);
        return 0;
    }

    private void load(EnvelopeSource slack, ServerProcess serve, Path file) throws Exception {
        options.say("warming up");
        slack.run(2 * options.seconds());
        List<Measured> runs = new ArrayList<>();
        for (int round = 1; round <= options.rounds(); round++) {
            runs.add(options.say("serve on SQLite", slack.run(options.seconds())));
        }
        Ledger ledger = new Ledger(slack.acknowledged(), waiting(file), slack.acknowledgedTwice());
        double rate = Measured.median(runs, Measured::rate);
        table.row(
                "1.2 kB events, 2 sockets, durable in SQLite, acknowledged",
                String.format(
                        Locale.ROOT,
                        "%,.0f/s; p50 %.1f ms, p99 %.1f ms",
                        rate,
                        Measured.median(runs, Measured::p50Millis),
                        Measured.median(runs, Measured::p99Millis)),
                "≥ 5,000/s",
                rate >= 5_000,
                ledger + String.format(Locale.ROOT, "; peak resident memory %.0f MiB", serve.peakResidentMiB()));
    }

    private void interruptions(EnvelopeSource slack, ServerProcess serve) throws Exception {
        double before = withoutConnection(serve);
        double refresh = slack.refreshAll();
        double gap = withoutConnection(serve) - before;
        table.row(
                "both connections are told to leave (warning)",
                String.format(Locale.ROOT, "%.0f ms without a connection; new ones after %.0f ms", gap, refresh),
                "0 ms",
                gap == 0 && slack.fewest() >= SOCKETS,
                "fewest connections at any moment: " + slack.fewest());
        double reset = slack.resetOne();
        table.row(
                "a TCP reset, until another connection says hello",
                String.format(Locale.ROOT, "%.0f ms", reset),
                "≤ 5,000 ms",
                reset <= 5_000,
                "the other one stays");
        double frozen = slack.freezeOne();
        table.row(
                "a connection that is silent (half-open), until another says hello",
                String.format(Locale.ROOT, "%.0f ms", frozen),
                "≤ 10,000 ms",
                frozen <= 10_000,
                "the other one stays");
    }

    /** In milliseconds, as the metrics of serve tell. */
    private static double withoutConnection(ServerProcess serve) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + serve.port() + "/metrics"))
                .timeout(Duration.ofSeconds(10))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith("slackline_socket_without_connection_seconds_total "))
                .mapToDouble(line -> 1_000 * Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    private static ServerProcess serve(Path file, EnvelopeSource slack) throws Exception {
        return ServerProcess.start(
                List.of(Machine.home().resolve("slackline").toString(), "serve"),
                Map.of(
                        "QUEUE_BACKEND", "sqlite",
                        "SQLITE_PATH", file.toString(),
                        "HTTP_PORT", "0",
                        "SLACK_APP_TOKEN", "xapp-bench",
                        "SLACK_API_URL", slack.apiUrl(),
                        "SLACK_SOCKETS", Integer.toString(SOCKETS)));
    }

    private static long waiting(Path file) {
        try (Queue queue = Queue.fromEnv(Map.of("QUEUE_BACKEND", "sqlite", "SQLITE_PATH", file.toString()))) {
            return queue.group(Queue.DEFAULT_GROUP)
                    .stats()
                    .toCompletableFuture()
                    .join()
                    .waiting();
        }
    }
}
