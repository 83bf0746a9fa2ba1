package dev.slackline.mcp.http;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** The programs of {@code src/test/node}, with the packages that its lock file names; a node that is new enough is one. */
final class Node {

    private static final Path PROGRAMS = Path.of("src", "test", "node").toAbsolutePath();
    private static final Path PACKAGES = PROGRAMS.resolve("node_modules");
    private static final String REQUIRED = "slackline.brokers.required";
    private static final List<String> INSTALL =
            List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");

    /** How a program ended, and what it said. */
    record Result(int code, String output) {}

    private Node() {}

    /**
     * Runs a program of the packages.
     *
     * @throws TestAbortedException if they cannot be had, unless {@code REQUIRE_BROKERS} asks for node
     */
    static Result run(Path folder, String... command) throws IOException, InterruptedException {
        ready();
        return run(folder, List.of(command));
    }

    /** A file of {@code src/test/node}. */
    static String program(String name) {
        return PROGRAMS.resolve(name).toString();
    }

    private static synchronized void ready() throws IOException, InterruptedException {
        Path installed = PACKAGES.resolve(".package-lock.json");
        Path wanted = PROGRAMS.resolve("package-lock.json");
        if (Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted)) >= 0) {
            return;
        }
        Result result;
        try {
            result = run(PROGRAMS, INSTALL);
        } catch (IOException e) {
            throw missing("there is no npm: install the package npm");
        }
        if (result.code() != 0) {
            throw missing("npm could not install the protocol's own clients: " + result.output());
        }
    }

    private static Result run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("slackline-node", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            String path = builder.environment().getOrDefault("PATH", "/usr/bin:/bin");
            builder.environment().put("PATH", PACKAGES.resolve(".bin") + File.pathSeparator + path);
            Process process = builder.start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return new Result(-1, "it takes more than two minutes: " + Files.readString(output));
            }
            return new Result(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    private static RuntimeException missing(String what) {
        boolean required = Arrays.stream(System.getProperty(REQUIRED, "").split(",", -1))
                .map(String::strip)
                .anyMatch(name -> name.equalsIgnoreCase("all") || name.equalsIgnoreCase("node"));
        return required ? new IllegalStateException(what) : new TestAbortedException(what);
    }
}
