package dev.slackline.bench;

import dev.slackline.queue.testkit.broker.KafkaBroker;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Kafka through the queue beside the plain client, and through kills of the broker. */
@Command(
        name = "kafka",
        description = "Publish and consume on a private Kafka beside the plain client; then kills of the broker.")
final class KafkaBench implements Callable<Integer> {

    @Mixin
    private final RunOptions options = new RunOptions(5);

    private final Table table = new Table("kafka");

    @Override
    public Integer call() throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder();
                KafkaBroker broker = KafkaBroker.in(Files.createDirectory(folder.file("broker")))) {
            broker.start();
            new BrokerBench(new Benched(broker), options, table).run();
        }
        options.report(table);
        return 0;
    }

    private record Benched(KafkaBroker control) implements BenchedBroker {

        @Override
        public String title() {
            return "Kafka";
        }

        @Override
        public Map<String, String> environment(String topic) {
            return Map.of("QUEUE_BACKEND", "kafka", "KAFKA_BOOTSTRAP", bootstrap(), "KAFKA_TOPIC", topic);
        }

        @Override
        public PlainClient plainClient() throws Exception {
            return new PlainKafka(bootstrap());
        }

        @Override
        public double publishGoal() {
            return 0.85;
        }

        @Override
        public double consumeGoal() {
            return 0.8;
        }

        private String bootstrap() {
            return control.address().getHostString() + ":" + control.address().getPort();
        }
    }
}
