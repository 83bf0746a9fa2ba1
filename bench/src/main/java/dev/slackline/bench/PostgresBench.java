package dev.slackline.bench;

import dev.slackline.queue.testkit.broker.PostgresBroker;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** PostgreSQL through the queue beside plain JDBC, and through kills of the server. */
@Command(name = "postgres", description = "Publish and consume on a private PostgreSQL beside plain JDBC; then kills.")
final class PostgresBench implements Callable<Integer> {

    @Mixin
    private final RunOptions options = new RunOptions(5);

    private final Table table = new Table("postgres");

    @Override
    public Integer call() throws Exception {
        if (!PostgresBroker.isInstalled()) {
            System.err.println("PostgreSQL is not installed here: install the Debian package postgresql");
            return 1;
        }
        try (TemporaryFolder folder = new TemporaryFolder();
                PostgresBroker broker = PostgresBroker.in(folder.file("broker"))) {
            broker.start();
            new BrokerBench(new Benched(broker), options, table).run();
        }
        options.report(table);
        return 0;
    }

    private record Benched(PostgresBroker control) implements BenchedBroker {

        @Override
        public String title() {
            return "PostgreSQL";
        }

        @Override
        public Map<String, String> environment(String topic) {
            return Map.of(
                    "QUEUE_BACKEND",
                    "postgres",
                    "POSTGRES_URL",
                    "postgresql://" + place(),
                    "POSTGRES_USER",
                    PostgresBroker.USER,
                    "POSTGRES_PASSWORD",
                    PostgresBroker.USER,
                    "POSTGRES_SCHEMA",
                    topic);
        }

        @Override
        public PlainClient plainClient() throws Exception {
            return new PlainPostgres("jdbc:postgresql://" + place(), PostgresBroker.USER, PostgresBroker.USER);
        }

        @Override
        public double publishGoal() {
            return 0.85;
        }

        @Override
        public double consumeGoal() {
            return 0.8;
        }

        private String place() {
            return control.address().getHostString() + ":" + control.address().getPort() + "/postgres";
        }
    }
}
