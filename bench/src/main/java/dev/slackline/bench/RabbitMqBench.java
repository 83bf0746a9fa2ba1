package dev.slackline.bench;

import com.rabbitmq.client.ConnectionFactory;
import dev.slackline.bench.QueueRuns.Seen;
import dev.slackline.queue.Queue;
import dev.slackline.queue.testkit.broker.RabbitMqBroker;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** RabbitMQ through the queue beside the plain client, and through kills of the broker and a black hole. */
@Command(
        name = "rabbitmq",
        description = "Publish and consume on a private RabbitMQ beside the plain client; then kills and a black hole.")
final class RabbitMqBench implements Callable<Integer> {

    private static final int WINDOW = 256;
    private static final int KILLS = 5;
    private static final Duration RECOVERY = Duration.ofSeconds(10);
    private static final Duration DETECTION = Duration.ofSeconds(15);

    @Mixin
    private final RunOptions options = new RunOptions(5);

    private final Table table = new Table("rabbitmq");
    private final Messages messages = new Messages(1024);

    @Override
    public Integer call() throws Exception {
        if (!RabbitMqBroker.isInstalled()) {
            System.err.println("RabbitMQ is not installed here: install the Debian package rabbitmq-server");
            return 1;
        }
        try (TemporaryFolder folder = new TemporaryFolder();
                RabbitMqBroker broker = RabbitMqBroker.in(Files.createDirectory(folder.file("broker")))) {
            broker.start();
            options.say(broker.version());
            besidePlain(broker);
            kills(broker);
            blackHole(broker);
        }
        options.report(table);
        return 0;
    }

    static Queue open(InetSocketAddress broker, String exchange) {
        return Queue.fromEnv(Map.of(
                "QUEUE_BACKEND",
                "rabbitmq",
                "QUEUE_PREFETCH",
                Integer.toString(WINDOW),
                "MQ_HOST",
                broker.getHostString(),
                "MQ_PORT",
                Integer.toString(broker.getPort()),
                "MQ_USERNAME",
                RabbitMqBroker.USER,
                "MQ_PASSWORD",
                RabbitMqBroker.USER,
                "MQ_EXCHANGE",
                exchange));
    }

    private void besidePlain(RabbitMqBroker broker) throws Exception {
        List<Measured> publishing = new ArrayList<>();
        List<Measured> consuming = new ArrayList<>();
        List<Measured> plainPublishing = new ArrayList<>();
        List<Measured> plainConsuming = new ArrayList<>();
        Seen seen = new Seen();
        long confirmed;
        try (Queue queue = open(broker.address(), "bench");
                PlainAmqp plain = new PlainAmqp(factory(broker))) {
            QueueRuns runs = new QueueRuns(queue, messages);
            confirmed = warmUp(runs, plain, seen);
            for (int round = 1; round <= options.rounds(); round++) {
                plainPublishing.add(
                        options.say("plain client publish", plain.publish(options.seconds(), WINDOW, messages)));
                publishing.add(options.say("publish", runs.publish(options.seconds(), WINDOW)));
                confirmed += publishing.get(publishing.size() - 1).count();
                plainConsuming.add(options.say("plain client consume", plain.consume(options.seconds(), WINDOW)));
                consuming.add(options.say("consume", runs.consume(Queue.DEFAULT_GROUP, options.seconds(), seen)));
                runs.consume(Queue.DEFAULT_GROUP, 600, seen);
                plain.consume(600, WINDOW);
            }
        }
        Ledger ledger = new Ledger(confirmed, seen.different(), seen.duplicates());
        row("RabbitMQ publish, confirmed, 256 in flight, 1 kB", publishing, plainPublishing, ledger);
        row("RabbitMQ consume + ack, prefetch 256", consuming, plainConsuming, ledger);
    }

    private long warmUp(QueueRuns runs, PlainAmqp plain, Seen seen) throws Exception {
        options.say("warming up");
        long published = runs.publish(options.seconds(), WINDOW).count();
        runs.consume(Queue.DEFAULT_GROUP, 600, seen);
        plain.publish(options.seconds(), WINDOW, messages);
        plain.consume(600, WINDOW);
        return published;
    }

    private void row(String what, List<Measured> runs, List<Measured> plain, Ledger ledger) {
        double ratio = Measured.ratio(runs, plain);
        table.row(
                what,
                Measured.medianRate(runs),
                "plain amqp-client: " + Measured.medianRate(plain),
                ratio,
                "≥ 0.85",
                ratio >= 0.85,
                ledger);
    }

    private void kills(RabbitMqBroker broker) throws Exception {
        try (Queue queue = open(broker.address(), "kills");
                LoadThroughFaults load = LoadThroughFaults.start(queue, WINDOW)) {
            List<Double> recoveries = new ArrayList<>();
            for (int kill = 1; kill <= KILLS; kill++) {
                load.awaitDelivery();
                broker.kill9();
                broker.start();
                recoveries.add(load.awaitDelivery());
                options.say(String.format(
                        Locale.ROOT, "kill %d: consuming again after %.1f s", kill, recoveries.get(kill - 1)));
            }
            Ledger ledger = load.finish();
            double slowest =
                    recoveries.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
            long inFlight = KILLS * 2L * WINDOW;
            table.row(
                    "broker killed and restarted under load, " + KILLS + " times",
                    String.format(Locale.ROOT, "consuming again %.1f s after the broker was ready, at most", slowest),
                    "0 lost, duplicates ≤ " + inFlight + " in flight, ≤ " + RECOVERY.toSeconds() + " s",
                    ledger.lost() == 0 && ledger.duplicates() <= inFlight && slowest <= RECOVERY.toSeconds(),
                    ledger.toString());
        }
    }

    private void blackHole(RabbitMqBroker broker) throws Exception {
        BlackHole.Seen seen = BlackHole.watch(broker);
        table.row(
                "black-holed connection",
                String.format(
                        Locale.ROOT,
                        "noticed after %.1f s; slowest of %d publishes answered after %.1f s",
                        seen.noticedSeconds(),
                        seen.publishes(),
                        seen.slowestPublishSeconds()),
                "noticed ≤ " + DETECTION.toSeconds() + " s, publishes within their deadline of 10 s",
                seen.noticedSeconds() <= DETECTION.toSeconds() && seen.slowestPublishSeconds() <= 10.5,
                String.format(Locale.ROOT, "publishing again %.1f s after it ended", seen.healedSeconds()));
    }

    private static ConnectionFactory factory(RabbitMqBroker broker) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(broker.address().getHostString());
        factory.setPort(broker.address().getPort());
        factory.setUsername(RabbitMqBroker.USER);
        factory.setPassword(RabbitMqBroker.USER);
        return factory;
    }
}
