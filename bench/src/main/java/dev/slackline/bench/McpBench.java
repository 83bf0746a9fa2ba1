package dev.slackline.bench;

import dev.slackline.slack.simulator.SlackSimulator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The MCP server of the real {@code serve}: calls of a tool beside the SDK's own server, greetings, and the inbox. */
@Command(
        name = "mcp",
        description =
                "Calls of a tool beside the server of the MCP Java SDK; the first request after a start with 500,000"
                        + " people and no names known; and the way of an event from Slack to an agent.")
final class McpBench implements Callable<Integer> {

    private static final int CLIENTS = 10;
    private static final int WARM_UP_RUNS = 3;
    /** It takes longer to come to its full speed. */
    private static final int WARM_UP_RUNS_OF_SDK = 8;

    private static final double GOAL_RATE = 3_000;
    private static final double GOAL_P99_MILLIS = 15;

    @Mixin
    private final RunOptions options = new RunOptions(0.8);

    @Option(
            names = "--events",
            defaultValue = "80",
            description = "How many events are sent each way (default: ${DEFAULT-VALUE}).")
    private int events;

    private final Table table = new Table("mcp");

    @Override
    public Integer call() throws Exception {
        calls();
        new McpStarts(options, table).measure();
        new McpEvents(options, table, events).measure();
        options.report(table);
        return 0;
    }

    private void calls() throws Exception {
        Map<McpEra, List<Measured>> ours = new EnumMap<>(McpEra.class);
        Map<McpEra, McpLoad> loads = new EnumMap<>(McpEra.class);
        List<Measured> sdk = new ArrayList<>();
        McpLoad plain;
        try (TemporaryFolder folder = new TemporaryFolder();
                SlackSimulator slack = SlackSimulator.start();
                ServerProcess serve = McpServe.start(slack, folder, "calls");
                ServerProcess baseline = sdkServer(serve.jvmOptions())) {
            plain = new McpLoad(baseline.port(), McpEra.SESSIONS, CLIENTS);
            for (McpEra era : McpEra.values()) {
                ours.put(era, new ArrayList<>());
                loads.put(era, new McpLoad(serve.port(), era, CLIENTS));
            }
            options.say("warming up");
            plain.run(WARM_UP_RUNS_OF_SDK * options.seconds());
            for (McpLoad load : loads.values()) {
                load.run(WARM_UP_RUNS * options.seconds());
            }
            for (int round = 1; round <= options.rounds(); round++) {
                sdk.add(options.say("the SDK's own server", plain.run(options.seconds())));
                for (Map.Entry<McpEra, McpLoad> each : loads.entrySet()) {
                    McpEra era = each.getKey();
                    Measured measured = each.getValue().run(options.seconds());
                    ours.getOrDefault(era, List.of()).add(options.say("serve, " + era.version(), measured));
                }
            }
        }
        loads.forEach((era, load) -> row(era, ours.getOrDefault(era, List.of()), load, sdk, plain));
    }

    private void row(McpEra era, List<Measured> runs, McpLoad load, List<Measured> baseline, McpLoad plain) {
        double rate = Measured.median(runs, Measured::rate);
        double p99 = Measured.median(runs, Measured::p99Millis);
        table.row(
                "tools/call of a tool that does nothing, " + CLIENTS + " in flight, " + era.version(),
                figures(runs),
                "the Java SDK's own server (2025-11-25): " + figures(baseline) + "; " + plain.ledger(),
                Measured.ratio(runs, baseline),
                "≥ 3,000/s, p99 < 15 ms",
                rate >= GOAL_RATE && p99 < GOAL_P99_MILLIS,
                load.ledger().toString());
    }

    private static String figures(List<Measured> runs) {
        return String.format(
                Locale.ROOT,
                "%s, p50 %.1f ms, p99 %.1f ms",
                Measured.medianRate(runs),
                Measured.median(runs, Measured::p50Millis),
                Measured.median(runs, Measured::p99Millis));
    }

    private static ServerProcess sdkServer(List<String> jvmOptions) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SdkServer.class.getName()));
        return ServerProcess.start(command, Map.of());
    }
}
