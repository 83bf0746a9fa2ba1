package dev.slackline.bench;

import dev.slackline.queue.testkit.broker.NatsBroker;
import io.nats.client.Options;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** NATS through the queue beside the plain client, and through kills of the server. */
@Command(
        name = "nats",
        description = "Publish and consume on a private NATS server beside the plain client; then kills of the server.")
final class NatsBench implements Callable<Integer> {

    @Mixin
    private final RunOptions options = new RunOptions(5);

    private final Table table = new Table("nats");

    @Override
    public Integer call() throws Exception {
        if (!NatsBroker.isInstalled()) {
            System.err.println("NATS is not installed here: install the Debian package nats-server");
            return 1;
        }
        try (TemporaryFolder folder = new TemporaryFolder();
                NatsBroker broker = NatsBroker.in(Files.createDirectory(folder.file("broker")))) {
            broker.start();
            new BrokerBench(new Benched(broker), options, table).run();
        }
        options.report(table);
        return 0;
    }

    private record Benched(NatsBroker control) implements BenchedBroker {

        @Override
        public String title() {
            return "NATS";
        }

        @Override
        public Map<String, String> environment(String topic) {
            return Map.of(
                    "QUEUE_BACKEND",
                    "nats",
                    "NATS_URL",
                    url(),
                    "NATS_USERNAME",
                    NatsBroker.USER,
                    "NATS_PASSWORD",
                    NatsBroker.USER,
                    "NATS_STREAM",
                    topic);
        }

        @Override
        public PlainClient plainClient() throws Exception {
            return new PlainNats(new Options.Builder()
                    .server(url())
                    .userInfo(NatsBroker.USER.toCharArray(), NatsBroker.USER.toCharArray())
                    .build());
        }

        @Override
        public double publishGoal() {
            return 0.85;
        }

        @Override
        public double consumeGoal() {
            return 0.8;
        }

        private String url() {
            return "nats://127.0.0.1:" + control.address().getPort();
        }
    }
}
