package dev.slackline.bench;

import com.rabbitmq.client.ConnectionFactory;
import dev.slackline.queue.testkit.broker.RabbitMqBroker;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
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

    private static final Duration DETECTION = Duration.ofSeconds(15);

    @Mixin
    private final RunOptions options = new RunOptions(5);

    private final Table table = new Table("rabbitmq");

    @Override
    public Integer call() throws Exception {
        if (!RabbitMqBroker.isInstalled()) {
            System.err.println("RabbitMQ is not installed here: install the Debian package rabbitmq-server");
            return 1;
        }
        try (TemporaryFolder folder = new TemporaryFolder();
                RabbitMqBroker broker = RabbitMqBroker.in(Files.createDirectory(folder.file("broker")))) {
            broker.start();
            new BrokerBench(new Benched(broker), options, table).run();
            blackHole(broker);
        }
        options.report(table);
        return 0;
    }

    static Map<String, String> environment(InetSocketAddress broker, String exchange) {
        return Map.of(
                "QUEUE_BACKEND",
                "rabbitmq",
                "MQ_HOST",
                broker.getHostString(),
                "MQ_PORT",
                Integer.toString(broker.getPort()),
                "MQ_USERNAME",
                RabbitMqBroker.USER,
                "MQ_PASSWORD",
                RabbitMqBroker.USER,
                "MQ_EXCHANGE",
                exchange);
    }

    private record Benched(RabbitMqBroker control) implements BenchedBroker {

        @Override
        public String title() {
            return "RabbitMQ";
        }

        @Override
        public Map<String, String> environment(String topic) {
            return RabbitMqBench.environment(control.address(), topic);
        }

        @Override
        public PlainClient plainClient() throws Exception {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setHost(control.address().getHostString());
            factory.setPort(control.address().getPort());
            factory.setUsername(RabbitMqBroker.USER);
            factory.setPassword(RabbitMqBroker.USER);
            return new PlainAmqp(factory);
        }

        @Override
        public double publishGoal() {
            return 0.85;
        }

        @Override
        public double consumeGoal() {
            return 0.85;
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
}
