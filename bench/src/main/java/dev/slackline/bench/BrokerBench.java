package dev.slackline.bench;

import dev.slackline.bench.QueueRuns.Seen;
import dev.slackline.queue.Queue;
import dev.slackline.queue.testkit.broker.BrokerControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is measured of every broker: the queue beside the plain client, then a load through kills of the broker. */
final class BrokerBench {

    private static final int WINDOW = 256;
    private static final int KILLS = 5;
    private static final Duration RECOVERY = Duration.ofSeconds(10);

    private final BenchedBroker benched;
    private final RunOptions options;
    private final Table table;
    private final Messages messages = new Messages(1024);

    BrokerBench(BenchedBroker benched, RunOptions options, Table table) {
        this.benched = benched;
        this.options = options;
        this.table = table;
    }

    /** Measures all of it, and adds the rows. */
    void run() throws Exception {
        options.say(benched.control().version());
        besidePlain();
        kills();
    }

    private Queue open(String topic) {
        Map<String, String> environment = new HashMap<>(benched.environment(topic));
        environment.put("QUEUE_PREFETCH", Integer.toString(WINDOW));
        return Queue.fromEnv(environment);
    }

    private void besidePlain() throws Exception {
        List<Measured> publishing = new ArrayList<>();
        List<Measured> consuming = new ArrayList<>();
        List<Measured> plainPublishing = new ArrayList<>();
        List<Measured> plainConsuming = new ArrayList<>();
        List<Measured> plainTogether = new ArrayList<>();
        Seen seen = new Seen();
        long confirmed;
        String baseline;
        double seconds = options.seconds();
        try (Queue queue = open("bench");
                PlainClient plain = benched.plainClient()) {
            QueueRuns runs = new QueueRuns(queue, messages);
            baseline = "plain " + plain.name();
            confirmed = warmUp(runs, plain, seen);
            for (int round = 1; round <= options.rounds(); round++) {
                plainPublishing.add(options.say("plain client publish", plain.publish(seconds, WINDOW, messages)));
                publishing.add(options.say("publish", runs.publish(seconds, WINDOW)));
                confirmed += publishing.get(publishing.size() - 1).count();
                plainConsuming.add(options.say("plain client consume", plain.consume(seconds, WINDOW)));
                consuming.add(options.say("consume", runs.consume(Queue.DEFAULT_GROUP, seconds, seen)));
                runs.consume(Queue.DEFAULT_GROUP, 600, seen);
                plain.consume(600, WINDOW);
                if (plain.settlesManyAtOnce()) {
                    plain.publish(seconds, WINDOW, messages);
                    plainTogether.add(options.say("plain, many at once", plain.consumeTogether(seconds, WINDOW)));
                    plain.consume(600, WINDOW);
                }
            }
        }
        Ledger ledger = new Ledger(confirmed, seen.different(), seen.duplicates());
        String publish = benched.title() + " publish, confirmed, " + WINDOW + " in flight, 1 kB";
        table.row(publish, publishing, baseline, plainPublishing, benched.publishGoal(), ledger);
        String consume = benched.title() + " consume + ack, prefetch " + WINDOW;
        table.row(consume, consuming, baseline, plainConsuming, benched.consumeGoal(), ledger);
        if (!plainTogether.isEmpty()) {
            table.row(
                    "the same, beside a client that settles all it has read in one command",
                    Measured.medianRate(consuming),
                    baseline + ": " + Measured.medianRate(plainTogether),
                    Measured.ratio(consuming, plainTogether),
                    "–",
                    true,
                    ledger);
        }
    }

    private long warmUp(QueueRuns runs, PlainClient plain, Seen seen) throws Exception {
        options.say("warming up");
        long published = runs.publish(options.seconds(), WINDOW).count();
        runs.consume(Queue.DEFAULT_GROUP, 600, seen);
        plain.publish(options.seconds(), WINDOW, messages);
        plain.consume(600, WINDOW);
        return published;
    }

    private void kills() throws Exception {
        BrokerControl broker = benched.control();
        try (Queue queue = open("kills");
                LoadThroughFaults load = LoadThroughFaults.start(queue, WINDOW)) {
            double slowest = 0;
            for (int kill = 1; kill <= KILLS; kill++) {
                load.awaitDelivery();
                broker.kill9();
                broker.start();
                double recovery = load.awaitDelivery();
                slowest = Math.max(slowest, recovery);
                options.say(String.format(Locale.ROOT, "kill %d: consuming again after %.1f s", kill, recovery));
            }
            Ledger ledger = load.finish();
            long inFlight = KILLS * 2L * WINDOW;
            table.row(
                    "broker killed and restarted under load, " + KILLS + " times",
                    String.format(Locale.ROOT, "consuming again %.1f s after the broker was ready, at most", slowest),
                    "0 lost, duplicates ≤ " + inFlight + " in flight, ≤ " + RECOVERY.toSeconds() + " s",
                    ledger.lost() == 0 && ledger.duplicates() <= inFlight && slowest <= RECOVERY.toSeconds(),
                    ledger.toString());
        }
    }
}
