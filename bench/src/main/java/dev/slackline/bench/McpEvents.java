package dev.slackline.bench;

import dev.slackline.slack.simulator.SlackSimulator;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * How long an event is under way, from Slack to an agent: through {@code serve}, and through another process on the same
 * file. And what a process costs whose agent waits while nothing happens.
 */
final class McpEvents {

    private static final int WARM_UP = 100;
    private static final int SHORT_PAUSE_MILLIS = 10;
    /** So that some events come soon after others and some after nothing has happened for a while. */
    private static final int LONG_PAUSE_MILLIS = 400;

    private static final double GOAL_MILLIS = 20;
    private static final double IDLE_SECONDS = 4;
    private static final double IDLE_GOAL_PERCENT = 2;

    private final RunOptions options;
    private final Table table;
    private final int events;

    McpEvents(RunOptions options, Table table, int events) {
        this.options = options;
        this.table = table;
        this.events = events;
    }

    void measure() throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder();
                SlackSimulator slack = SlackSimulator.start();
                ServerProcess serve = McpServe.start(slack, folder, "same");
                McpConnection agent = McpConnection.ready(serve.port(), McpEra.SESSIONS)) {
            measure("event in Slack until events_wait returns, from /mcp of serve", slack, agent, serve.process());
        }
        try (TemporaryFolder folder = new TemporaryFolder();
                SlackSimulator slack = SlackSimulator.start();
                ServerProcess serve = McpServe.start(slack, folder, "other");
                McpPipe agent = McpPipe.start(McpServe.environment(slack, folder, "other"))) {
            String what = "the same, from slackline mcp over stdio, another process on the same file";
            measure(what, slack, agent, agent.process());
        }
    }

    private void measure(String what, SlackSimulator slack, McpAgent agent, ProcessHandle process) throws Exception {
        try (EventWay way = new EventWay(slack, agent)) {
            options.say("warming up");
            way.run(WARM_UP, SHORT_PAUSE_MILLIS);
            Histogram micros = way.run(events, LONG_PAUSE_MILLIS);
            double p50 = micros.getValueAtPercentile(50) / 1000.0;
            String measured = String.format(
                    Locale.ROOT, "p50 %.1f ms, p99 %.1f ms", p50, micros.getValueAtPercentile(99) / 1000.0);
            options.say(String.format(Locale.ROOT, "%-48s %s", what, measured));
            table.row(what, measured, "p50 < 20 ms", p50 < GOAL_MILLIS, way.ledger() + ", one at a time");
            double percent = way.idlePercent(process, IDLE_SECONDS);
            String idle = String.format(Locale.ROOT, "%.1f %% of a core", percent);
            options.say("while nothing happens: " + idle);
            table.row(
                    "CPU of that process while its agent waits and nothing happens",
                    idle,
                    "< 2 %",
                    percent < IDLE_GOAL_PERCENT,
                    String.format(Locale.ROOT, "over %.0f s", IDLE_SECONDS));
        }
    }
}
