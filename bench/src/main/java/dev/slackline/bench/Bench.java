package dev.slackline.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./slackline bench …}: the launcher builds this module and runs it. */
@Command(
        name = "slackline bench",
        description = "Measurements, each beside its baseline in the same run, with a ledger.",
        mixinStandardHelpOptions = true,
        subcommands = {
            QueueBench.class,
            IntakeBench.class,
            SocketBench.class,
            McpBench.class,
            RabbitMqBench.class,
            PostgresBench.class,
            RedisBench.class,
            NatsBench.class,
            KafkaBench.class
        })
final class Bench {

    private Bench() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }
}
