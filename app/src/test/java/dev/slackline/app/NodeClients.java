package dev.slackline.app;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** The programs of {@code mcp/src/test/node} and their packages, which the tests of that module have installed before. */
final class NodeClients {

    private static final Path PROGRAMS =
            Path.of("..", "mcp", "src", "test", "node").toAbsolutePath().normalize();
    private static final Path PACKAGES = PROGRAMS.resolve("node_modules");

    private NodeClients() {}

    /**
     * Runs a program, which must succeed.
     *
     * @return the lines that it wrote
     * @throws TestAbortedException if it cannot be run, unless {@code REQUIRE_BROKERS} asks for node
     */
    static List<String> run(String program, String... arguments) throws IOException, InterruptedException {
        if (!Files.exists(PACKAGES.resolve(".package-lock.json"))) {
            install();
        }
        List<String> command =
                new ArrayList<>(List.of(node(), PROGRAMS.resolve(program).toString()));
        command.addAll(List.of(arguments));
        return lines(command);
    }

    private static void install() throws InterruptedException {
        try {
            lines(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"));
        } catch (IOException | IllegalStateException e) {
            String why = "npm could not install the protocol's own clients: " + e.getMessage();
            boolean required = Arrays.stream(
                            System.getProperty("slackline.brokers.required", "").split(",", -1))
                    .anyMatch(name -> name.strip().matches("(?i)all|node"));
            throw required ? new IllegalStateException(why, e) : new TestAbortedException(why, e);
        }
    }

    /** That of the packages is new enough. */
    private static String node() {
        Path ours = PACKAGES.resolve(".bin").resolve("node");
        return Files.exists(ours) ? ours.toString() : "node";
    }

    private static List<String> lines(List<String> command) throws IOException, InterruptedException {
        File output = File.createTempFile("slackline-node", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(PROGRAMS.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start();
            boolean ended = process.waitFor(2, TimeUnit.MINUTES);
            process.destroyForcibly();
            List<String> lines = Files.readAllLines(output.toPath());
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(
                        (ended ? "it failed: " : "it takes more than two minutes: ") + String.join("\n", lines));
            }
            return lines;
        } finally {
            Files.delete(output.toPath());
        }
    }
}
