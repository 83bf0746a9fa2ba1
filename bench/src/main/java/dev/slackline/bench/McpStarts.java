package dev.slackline.bench;

import dev.slackline.slack.simulator.SlackSimulator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How soon {@code serve} answers what a client says first, when it knows no names yet of a workspace of half a million
 * people: the first request of its life, and later ones while it reads the names.
 */
final class McpStarts {

    private static final int PEOPLE = 500_000;
    private static final int STARTS = 6;
    private static final int WHILE_READING = 100;
    private static final double GOAL_MILLIS = 50;

    private final RunOptions options;
    private final Table table;
    private final Map<McpEra, List<Double>> fresh = new EnumMap<>(McpEra.class);
    private final Map<McpEra, List<Double>> reading = new EnumMap<>(McpEra.class);

    McpStarts(RunOptions options, Table table) {
        this.options = options;
        this.table = table;
        for (McpEra era : McpEra.values()) {
            fresh.put(era, new ArrayList<>());
            reading.put(era, new ArrayList<>());
        }
    }

    void measure() throws Exception {
        options.say(String.format(Locale.ROOT, "a workspace of %,d people", PEOPLE));
        try (TemporaryFolder folder = new TemporaryFolder();
                SlackSimulator slack =
                        SlackSimulator.builder().people(PEOPLE).rateLimits(true).start()) {
            for (int start = 1; start <= STARTS; start++) {
                for (McpEra era : McpEra.values()) {
                    try (ServerProcess serve = McpServe.start(slack, folder, "start-" + start + era)) {
                        greet(serve, era, fresh);
                    }
                }
            }
            try (ServerProcess serve = McpServe.start(slack, folder, "reading")) {
                whileReading(slack, serve);
            }
        }
        for (McpEra era : McpEra.values()) {
            row(era, era.greeting() + ", the first request after a start", fresh, "processes, each asked once");
        }
        for (McpEra era : McpEra.values()) {
            row(era, era.greeting() + " while the names are read", reading, "clients, one after the other");
        }
    }

    private void whileReading(SlackSimulator slack, ServerProcess serve) throws Exception {
        try (McpConnection asking = McpConnection.ready(serve.port(), McpEra.STATELESS)) {
            Thread asks = new Thread(() -> ask(asking), "bench-asks-for-a-name");
            asks.start();
            slack.awaitCall("users.list", call -> true, Duration.ofSeconds(20));
            for (int i = 0; i < WHILE_READING; i++) {
                for (McpEra era : McpEra.values()) {
                    greet(serve, era, reading);
                }
            }
        }
        options.say(slack.calls("users.list").size() + " pages of people were asked for meanwhile");
    }

    /** For somebody on the last page, which the server comes to in 25 minutes; it answers before, that it does not know. */
    private static void ask(McpConnection connection) {
        try {
            connection.call("slack_user_presence", "{\"user\":\"@person" + PEOPLE + "\"}");
        } catch (IOException e) {
            // closed: what is measured is over
        }
    }

    private static void greet(ServerProcess serve, McpEra era, Map<McpEra, List<Double>> times) throws IOException {
        long began = System.nanoTime();
        try (McpConnection connection = McpConnection.to(serve.port(), era)) {
            connection.greet();
            times.computeIfAbsent(era, unused -> new ArrayList<>()).add((System.nanoTime() - began) / 1e6);
        }
    }

    private void row(McpEra era, String what, Map<McpEra, List<Double>> times, String counted) {
        double[] millis = times.getOrDefault(era, List.of()).stream()
                .mapToDouble(each -> each)
                .toArray();
        double worst = Arrays.stream(millis).max().orElseThrow();
        String measured = String.format(Locale.ROOT, "p50 %.1f ms, worst %.1f ms", Measured.median(millis), worst);
        options.say(String.format(Locale.ROOT, "%-48s %s", what, measured));
        table.row(what, measured, "< 50 ms", worst < GOAL_MILLIS, millis.length + " " + counted);
    }
}
