package dev.slackline.slack.simulator.sdk;

import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.state.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A program of {@code src/test/node} that runs against a simulator, and what it told so far. Thread-safe. */
final class NodeProgram implements AutoCloseable {

    /** No machine is that slow. */
    static final Duration BOUND = Duration.ofSeconds(30);

    private final Process process;
    private final Thread reader;
    private final List<JsonNode> told = new ArrayList<>();
    private final List<String> printed = new ArrayList<>();
    private boolean ended;

    private NodeProgram(Process process) {
        this.process = process;
        reader = new Thread(this::read, "node-program");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts one with the address and the tokens of a simulator in its environment. */
    static NodeProgram start(SlackSimulator slack, String file, String... arguments)
            throws IOException, InterruptedException {
        Node.ready();
        List<String> command =
                Stream.concat(Stream.of("node", file), Stream.of(arguments)).toList();
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Node.PROGRAMS.toFile()).redirectErrorStream(true);
        builder.environment().put("SLACK_API_URL", slack.apiUrl().toString());
        builder.environment().put("SLACK_BOT_TOKEN", slack.botToken());
        builder.environment().put("SLACK_APP_TOKEN", slack.appToken());
        builder.environment().put("SLACK_SIGNING_SECRET", slack.signingSecret());
        return new NodeProgram(builder.start());
    }

    /** Waits for the first thing of a kind that it tells. */
    JsonNode await(String what) throws InterruptedException {
        return await(what, 0, each -> true);
    }

    /**
     * Waits for something that it tells.
     *
     * @param from how many of all that it told are passed over
     * @throws IllegalStateException if the bound passes, or the program ends before; with what it printed
     */
    synchronized JsonNode await(String what, int from, Predicate<JsonNode> wanted) throws InterruptedException {
        long end = System.nanoTime() + BOUND.toNanos();
        while (true) {
            for (JsonNode each : told.subList(Math.min(from, told.size()), told.size())) {
                if (Json.text(each, "what").equals(what) && wanted.test(each)) {
                    return each;
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (ended || left <= 0) {
                throw new IllegalStateException("no " + what + " from the program: " + String.join("\n", printed));
            }
            wait(left);
        }
    }

    /** How much it told so far. */
    synchronized int mark() {
        return told.size();
    }

    /** What it told so far, in order. */
    synchronized List<JsonNode> told() {
        return List.copyOf(told);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                heard(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            end();
        }
    }

    private synchronized void heard(String line) {
        printed.add(line);
        if (line.startsWith("{\"what\"")) {
            told.add(Json.parse(line));
        }
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close(); // the program ends with its input
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        reader.join();
    }
}
