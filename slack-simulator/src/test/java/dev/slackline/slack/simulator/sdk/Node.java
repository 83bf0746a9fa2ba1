package dev.slackline.slack.simulator.sdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** The node of this machine, with the packages of {@code src/test/node} as its lock file says. */
final class Node {

    /** Where the programs are. */
    static final Path PROGRAMS = Path.of("src", "test", "node");

    private static final String REQUIRED = "slackline.brokers.required";
    private static final int OLDEST = 20; // what the SDKs say they need
    private static final List<String> INSTALL =
            List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");

    private Node() {}

    /**
     * Installs the packages if they are missing or older than the lock file.
     *
     * @throws TestAbortedException if that cannot be, unless {@code REQUIRE_BROKERS} asks for node
     */
    static synchronized void ready() throws IOException, InterruptedException {
        if (major() < OLDEST) {
            throw missing("there is no node " + OLDEST + " or newer: install the packages nodejs and npm");
        }
        if (!isInstalled()) {
            Result installed = run(INSTALL);
            if (installed.code() != 0) {
                throw missing("npm could not install Slack's SDKs: " + installed.output());
            }
        }
    }

    private static boolean isInstalled() throws IOException {
        Path installed = PROGRAMS.resolve("node_modules").resolve(".package-lock.json");
        Path wanted = PROGRAMS.resolve("package-lock.json");
        return Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted)) >= 0;
    }

    private static int major() throws InterruptedException {
        try {
            Result version = run(List.of("node", "--version"));
            return version.code() == 0
                    ? Integer.parseInt(version.output().strip().substring(1).split("\\.", 2)[0])
                    : 0;
        } catch (IOException e) {
            return 0; // there is none
        }
    }

    private record Result(int code, String output) {}

    private static Result run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("slackline-node", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(PROGRAMS.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return new Result(-1, "it takes more than two minutes");
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
