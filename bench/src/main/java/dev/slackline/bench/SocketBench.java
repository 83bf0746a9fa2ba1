package dev.slackline.bench;

import dev.slackline.queue.Queue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Envelopes into the real {@code serve}, a process of its own, through the sockets of a Slack that does nothing else. */
@Command(
        name = "socket",
        description =
                "Envelopes of Socket Mode into 'serve' on SQLite; and how long it, and Slack's own clients, are without a"
                        + " connection.")
final class SocketBench implements Callable<Integer> {

    static final int SOCKETS = 2;
    /** Slack waits for none of them; these are as many as come before the first is acknowledged. */
    private static final int IN_FLIGHT = 512;

    @Mixin
    private final RunOptions options = new RunOptions(8);

    @Option(
            names = "--interruptions",
            description = "Leave the load out: only how long each client is without a connection.")
    private boolean interruptionsOnly;

    private final Table table = new Table("socket");

    @Override
    public Integer call() throws Exception {
        if (!interruptionsOnly) {
            load();
            options.report(table);
        }
        options.report(new Interruptions(options).measured());
        return 0;
    }

    private void load() throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder();
                EnvelopeSource slack = EnvelopeSource.start(IN_FLIGHT)) {
            Path file = folder.file("socket.db");
            try (ServerProcess serve = serve(file, slack.apiUrl(), "xapp-bench")) {
                slack.awaitConnections(SOCKETS);
                load(slack, serve, file);
            }
        }
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

    /** The real thing, with a Slack of the bench's. */
    static ServerProcess serve(Path file, String apiUrl, String appToken) throws IOException {
        return ServerProcess.start(
                List.of(Machine.home().resolve("slackline").toString(), "serve"),
                Map.of(
                        "QUEUE_BACKEND",
                        "sqlite",
                        "SQLITE_PATH",
                        file.toString(),
                        "HTTP_PORT",
                        "0",
                        "SLACK_APP_TOKEN",
                        appToken,
                        "SLACK_API_URL",
                        apiUrl,
                        "SLACK_SOCKETS",
                        Integer.toString(SOCKETS)));
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
