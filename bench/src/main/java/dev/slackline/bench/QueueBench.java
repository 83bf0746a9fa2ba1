package dev.slackline.bench;

import dev.slackline.bench.QueueRuns.Seen;
import dev.slackline.queue.Queue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** SQLite beside plain JDBC, empty and with a backlog, and the way from publish to handler. */
@Command(
        name = "queue",
        description = "Publish, consume and latency of the SQLite queue, beside plain JDBC on the same disk.")
final class QueueBench implements Callable<Integer> {

    private static final String GROUP = "bench";
    private static final int WINDOW = 64;
    private static final int LOADING_WINDOW = 2_000;
    /** The machine is still writing what was loaded; that is not what is measured. */
    private static final Duration REST = Duration.ofSeconds(20);

    @Mixin
    private final RunOptions options = new RunOptions(5);

    @Option(
            names = "--backlog",
            defaultValue = "1000000",
            description = "How many messages wait in the second half (default: ${DEFAULT-VALUE}; 0 leaves it out).")
    long backlog;

    private final Table table = new Table("queue");
    private final Messages messages = new Messages(1024);

    @Override
    public Integer call() throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder();
                Queue queue = open(folder.file("queue.db"));
                PlainJdbc plain = new PlainJdbc(folder.file("plain.db"))) {
            QueueRuns runs = new QueueRuns(queue, messages);
            warmUp(runs, plain);
            besidePlain(runs, plain);
            latency(runs);
            if (backlog > 0) {
                try (Queue full = open(folder.file("backlog.db"))) {
                    withBacklog(full, runs);
                }
            }
        }
        options.report(table);
        return 0;
    }

    private static Queue open(Path file) {
        return Queue.fromEnv(Map.of(
                "QUEUE_BACKEND",
                "sqlite",
                "QUEUE_GROUPS",
                GROUP,
                "QUEUE_PREFETCH",
                Integer.toString(WINDOW),
                "SQLITE_PATH",
                file.toString()));
    }

    private void warmUp(QueueRuns runs, PlainJdbc plain) throws Exception {
        options.say("warming up");
        runs.publish(options.seconds(), WINDOW);
        runs.consume(GROUP, 600, new Seen());
        plain.publish(1, messages);
        plain.consume(600);
    }

    private void besidePlain(QueueRuns runs, PlainJdbc plain) throws Exception {
        List<Measured> publishing = new ArrayList<>();
        List<Measured> consuming = new ArrayList<>();
        List<Measured> plainPublishing = new ArrayList<>();
        List<Measured> plainConsuming = new ArrayList<>();
        Seen seen = new Seen();
        long confirmed = 0;
        for (int round = 1; round <= options.rounds(); round++) {
            plainPublishing.add(options.say("plain JDBC insert", plain.publish(options.seconds(), messages)));
            publishing.add(options.say("SQLite publish", runs.publish(options.seconds(), WINDOW)));
            confirmed += publishing.get(publishing.size() - 1).count();
            plainConsuming.add(options.say("plain JDBC delete", plain.consume(options.seconds())));
            consuming.add(options.say("SQLite consume", runs.consume(GROUP, options.seconds(), seen)));
            runs.consume(GROUP, 600, seen);
            plain.consume(600);
        }
        Ledger ledger = new Ledger(confirmed, seen.different(), seen.duplicates());
        double publish = Measured.ratio(publishing, plainPublishing);
        double consume = Measured.ratio(consuming, plainConsuming);
        String publishBaseline = "plain JDBC inserts, transactions of 64: " + Measured.medianRate(plainPublishing);
        table.row(
                "SQLite publish, 64 in flight, 1 kB",
                figures(publishing),
                publishBaseline,
                publish,
                "≥ 0.6",
                publish >= 0.6,
                ledger);
        String consumeBaseline = "plain JDBC select + delete, batches of 64: " + Measured.medianRate(plainConsuming);
        table.row(
                "SQLite consume + ack, prefetch 64",
                figures(consuming),
                consumeBaseline,
                consume,
                "≥ 0.5",
                consume >= 0.5,
                ledger);
    }

    private void latency(QueueRuns runs) throws InterruptedException {
        runs.publishToHandler(GROUP, 500);
        Measured latency = options.say("publish to handler, idle", runs.publishToHandler(GROUP, 2_000));
        table.row(
                "publish to handler, idle, same process",
                String.format(Locale.ROOT, "p50 %.2f ms, p99 %.2f ms", latency.p50Millis(), latency.p99Millis()),
                "p50 < 2 ms",
                latency.p50Millis() < 2,
                String.format(Locale.ROOT, "%,d messages, one at a time", latency.count()));
    }

    private void withBacklog(Queue queue, QueueRuns emptyRuns) throws Exception {
        QueueRuns runs = new QueueRuns(queue, messages);
        Measured loaded = options.say("loading the backlog", runs.publishCount(backlog, LOADING_WINDOW));
        Thread.sleep(REST.toMillis());
        List<Measured> emptyPublishing = new ArrayList<>();
        List<Measured> emptyConsuming = new ArrayList<>();
        List<Measured> publishing = new ArrayList<>();
        List<Measured> consuming = new ArrayList<>();
        Seen seen = new Seen();
        Seen seenOfEmpty = new Seen();
        long confirmed = loaded.count();
        for (int round = 1; round <= options.rounds(); round++) {
            emptyPublishing.add(options.say("SQLite publish", emptyRuns.publish(options.seconds(), WINDOW)));
            publishing.add(options.say("SQLite publish, backlog", runs.publish(options.seconds(), WINDOW)));
            confirmed += publishing.get(publishing.size() - 1).count();
            emptyConsuming.add(options.say("SQLite consume", emptyRuns.consume(GROUP, options.seconds(), seenOfEmpty)));
            consuming.add(options.say("SQLite consume, backlog", runs.consume(GROUP, options.seconds(), seen)));
            emptyRuns.consume(GROUP, 600, seenOfEmpty);
        }
        long waiting = queue.group(GROUP).stats().toCompletableFuture().join().waiting();
        Ledger ledger = new Ledger(confirmed, seen.different() + waiting, seen.duplicates());
        double publish = Measured.ratio(publishing, emptyPublishing);
        double consume = Measured.ratio(consuming, emptyConsuming);
        String with = String.format(Locale.ROOT, " with %,d waiting", backlog);
        table.row(
                "SQLite publish" + with,
                figures(publishing),
                "with none waiting: " + Measured.medianRate(emptyPublishing),
                publish,
                "≥ 0.9",
                publish >= 0.9,
                ledger);
        table.row(
                "SQLite consume + ack" + with,
                figures(consuming),
                "with none waiting: " + Measured.medianRate(emptyConsuming),
                consume,
                "≥ 0.9",
                consume >= 0.9,
                ledger);
    }

    private static String figures(List<Measured> runs) {
        return String.format(
                Locale.ROOT,
                "%s, p50 %.1f ms, p99 %.1f ms",
                Measured.medianRate(runs),
                Measured.median(runs, Measured::p50Millis),
                Measured.median(runs, Measured::p99Millis));
    }
}
