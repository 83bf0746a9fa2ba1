package dev.slackline.bench;

import dev.slackline.queue.Queue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The real {@code serve} on SQLite beside an empty Jetty, both as processes of their own; and how fast it starts. */
@Command(
        name = "intake",
        description =
                "Signed events into 'serve' on SQLite, beside an empty Jetty handler; start-up beside java -version.")
final class IntakeBench implements Callable<Integer> {

    private static final String SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
    private static final int CONNECTIONS = 64;
    private static final int STARTS = 5;
    private static final int WARM_UP_RUNS = 4;

    @Mixin
    private final RunOptions options = new RunOptions(8);

    private final Table table = new Table("intake");

    @Override
    public Integer call() throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder()) {
            startUp(folder);
            load(folder.file("intake.db"));
        }
        options.report(table);
        return 0;
    }

    private void load(Path file) throws Exception {
        List<Measured> serving = new ArrayList<>();
        List<Measured> empty = new ArrayList<>();
        double resident;
        long confirmed;
        long refused;
        try (ServerProcess serve = serve(file);
                ServerProcess baseline = emptyServer(serve.jvmOptions())) {
            LoadGenerator intake = new LoadGenerator(serve.port(), SECRET, CONNECTIONS);
            LoadGenerator plain = new LoadGenerator(baseline.port(), SECRET, CONNECTIONS);
            options.say("warming up"); // until the compiler of the JVM has nothing to do any more
            plain.run(options.seconds());
            intake.run(WARM_UP_RUNS * options.seconds());
            for (int round = 1; round <= options.rounds(); round++) {
                empty.add(options.say("empty Jetty", plain.run(options.seconds())));
                serving.add(options.say("serve on SQLite", intake.run(options.seconds())));
            }
            resident = serve.peakResidentMiB();
            confirmed = intake.answered(200);
            refused = intake.answeredOtherThan200();
        }
        Ledger ledger = new Ledger(confirmed, waiting(file), 0);
        double ratio = Measured.ratio(serving, empty);
        double p99 = Measured.median(serving, Measured::p99Millis);
        table.row(
                "signed unique 1.2 kB events, 64 connections, durable in SQLite, answered 200",
                Measured.medianRate(serving),
                "empty Jetty: " + Measured.medianRate(empty),
                ratio,
                "≥ 0.5",
                ratio >= 0.5,
                ledger);
        table.row(
                "the same, time to the 200",
                String.format(
                        Locale.ROOT, "p50 %.1f ms, p99 %.1f ms", Measured.median(serving, Measured::p50Millis), p99),
                "p99 < 50 ms",
                p99 < 50,
                String.format(Locale.ROOT, "%,d answers other than 200", refused));
        table.row(
                "the same, peak resident memory of serve",
                String.format(Locale.ROOT, "%.0f MiB", resident),
                "< 300 MB",
                resident * 1.048576 < 300,
                "from the first request to the last");
    }

    private void startUp(TemporaryFolder folder) throws Exception {
        double[] java = new double[STARTS];
        double[] serve = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            long began = System.nanoTime();
            String program =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            new ProcessBuilder(program, "-version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            java[i] = (System.nanoTime() - began) / 1e9;
            try (ServerProcess server = serve(folder.file("start-" + i + ".db"))) {
                serve[i] = server.startSeconds();
            }
        }
        double more = Measured.median(serve) - Measured.median(java);
        table.row(
                "serve from start to ready, fresh file",
                String.format(
                        Locale.ROOT,
                        "%.2f s; java -version %.2f s in the same run",
                        Measured.median(serve),
                        Measured.median(java)),
                "≤ 1.5 s more than java -version",
                more <= 1.5,
                String.format(Locale.ROOT, "%.2f s more, median of %d", more, STARTS));
    }

    private static ServerProcess serve(Path file) throws Exception {
        return ServerProcess.start(
                List.of(Machine.home().resolve("slackline").toString(), "serve"),
                Map.of(
                        "QUEUE_BACKEND",
                        "sqlite",
                        "SQLITE_PATH",
                        file.toString(),
                        "HTTP_PORT",
                        "0",
                        "SLACK_SIGNING_SECRET",
                        SECRET));
    }

    private static ServerProcess emptyServer(List<String> jvmOptions) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EmptyServer.class.getName()));
        return ServerProcess.start(command, Map.of());
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
