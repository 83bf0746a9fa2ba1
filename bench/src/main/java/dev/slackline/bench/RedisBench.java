package dev.slackline.bench;

import dev.slackline.queue.testkit.broker.RedisBroker;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Redis through the queue beside the plain client, and through kills of the server. */
@Command(
        name = "redis",
        description =
                "Publish and consume on a private Redis (appendfsync always) beside the plain client; then kills.")
final class RedisBench implements Callable<Integer> {

    @Mixin
    private final RunOptions options = new RunOptions(5);

    private final Table table = new Table("redis");

    @Override
    public Integer call() throws Exception {
        if (!RedisBroker.isInstalled()) {
            System.err.println("Redis is not installed here: install the Debian package redis-server");
            return 1;
        }
        try (TemporaryFolder folder = new TemporaryFolder();
                RedisBroker broker = RedisBroker.in(Files.createDirectory(folder.file("broker")))) {
            broker.start();
            new BrokerBench(new Benched(broker), options, table).run();
        }
        options.report(table);
        return 0;
    }

    private record Benched(RedisBroker control) implements BenchedBroker {

        @Override
        public String title() {
            return "Redis";
        }

        @Override
        public Map<String, String> environment(String topic) {
            return Map.of(
                    "QUEUE_BACKEND",
                    "redis",
                    "REDIS_URL",
                    "redis://" + control.address().getHostString() + ":"
                            + control.address().getPort(),
                    "REDIS_STREAM",
                    topic);
        }

        @Override
        public PlainClient plainClient() {
            return new PlainRedis(control.address());
        }

        @Override
        public double publishGoal() {
            return 0.85;
        }

        @Override
        public double consumeGoal() {
            return 0.8;
        }
    }
}
