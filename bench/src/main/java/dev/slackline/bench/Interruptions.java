package dev.slackline.bench;

import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.socket.DisconnectReason;
import dev.slackline.slack.simulator.socket.SocketMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * How long clients of Socket Mode are without a connection, all of them by what one simulated Slack sees: it asks all
 * connections to leave, resets them, and lets them fall silent. Each figure is the worst of the rounds.
 */
final class Interruptions {

    private static final long PATIENCE_SECONDS = 90;

    /** In milliseconds. */
    private record Round(double refreshGap, double reset, double halfOpen) {}

    private record Client(String name, List<Round> rounds) {

        double worst(ToDoubleFunction<Round> figure) {
            return rounds.stream().mapToDouble(figure).max().orElseThrow();
        }
    }

    private final RunOptions options;

    Interruptions(RunOptions options) {
        this.options = options;
    }

    /** Measures every client, one after another. */
    Table measured() throws Exception {
        List<Client> clients = new ArrayList<>();
        for (SocketClient client : SocketClient.all()) {
            try {
                clients.add(measured(client));
            } catch (IOException e) {
                options.say(client.name() + " was not measured: " + e.getMessage());
            }
        }
        Table table = new Table("socket interruptions", "socket --interruptions");
        row(table, clients, "all connections are asked to leave: time without one", Round::refreshGap, 0);
        row(table, clients, "a TCP reset of all connections, until another says hello", Round::reset, 5_000);
        row(
                table,
                clients,
                "all connections fall silent (half-open), until another says hello",
                Round::halfOpen,
                10_000);
        return table;
    }

    private void row(Table table, List<Client> clients, String what, ToDoubleFunction<Round> figure, double goal) {
        double ours = clients.get(0).worst(figure);
        String others = clients.stream()
                .skip(1)
                .map(client -> client.name() + ": " + millis(client.worst(figure)))
                .collect(Collectors.joining("; "));
        String most = goal == 0 ? "0 ms" : "≤ " + millis(goal);
        table.row(what, millis(ours), others, most, ours <= goal, "worst of " + options.rounds() + " rounds");
    }

    private Client measured(SocketClient client) throws Exception {
        List<Round> rounds = new ArrayList<>();
        try (SlackSimulator slack = SlackSimulator.start();
                AutoCloseable running = client.start(slack)) {
            for (int i = 1; i <= options.rounds(); i++) {
                Round round = round(slack.socketMode(), client.connections());
                rounds.add(round);
                options.say(String.format(
                        Locale.ROOT,
                        "%-28s refresh %s without, reset %s, half-open %s",
                        client.name(),
                        millis(round.refreshGap),
                        millis(round.reset),
                        millis(round.halfOpen)));
            }
        }
        return new Client(client.name(), rounds);
    }

    private static Round round(SocketMode slack, int connections) throws InterruptedException, TimeoutException {
        settle(slack, connections);
        double gap = refreshed(slack, connections);
        settle(slack, connections);
        double reset = until(slack, () -> slack.faults().reset());
        settle(slack, connections);
        double halfOpen = until(slack, () -> slack.faults().freeze());
        slack.faults().reap();
        return new Round(gap, reset, halfOpen);
    }

    /** Asks all to leave, and adds up how long there was none until as many new ones are there, and only those. */
    private static double refreshed(SocketMode slack, int connections) throws InterruptedException, TimeoutException {
        int ever = slack.connectionsEver();
        long[] without = {0};
        long[] last = {System.nanoTime()};
        slack.faults().disconnect(DisconnectReason.WARNING);
        await("new connections", () -> {
            long now = System.nanoTime();
            int open = slack.connections();
            without[0] += open == 0 ? now - last[0] : 0;
            last[0] = now;
            return open == connections && slack.connectionsEver() >= ever + connections;
        });
        return without[0] / 1e6;
    }

    /** Does harm, and tells after how many milliseconds there was another connection. */
    private static double until(SocketMode slack, Runnable harm) throws InterruptedException, TimeoutException {
        int ever = slack.connectionsEver();
        long began = System.nanoTime();
        harm.run();
        await("another connection", () -> slack.connectionsEver() > ever);
        return (System.nanoTime() - began) / 1e6;
    }

    /** What was begun before shall be over: for two seconds nothing changes. */
    private static void settle(SocketMode slack, int connections) throws InterruptedException, TimeoutException {
        int[] ever = {slack.connectionsEver()};
        long[] since = {System.nanoTime()};
        await("as many connections as it keeps", () -> {
            if (slack.connections() != connections || slack.connectionsEver() != ever[0]) {
                ever[0] = slack.connectionsEver();
                since[0] = System.nanoTime();
            }
            return System.nanoTime() - since[0] > TimeUnit.SECONDS.toNanos(2);
        });
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("waited in vain for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private static String millis(double time) {
        return String.format(Locale.ROOT, "%,.0f ms", time);
    }
}
