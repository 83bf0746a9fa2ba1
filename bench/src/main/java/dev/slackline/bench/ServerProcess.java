package dev.slackline.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, which says on its output when it is ready and where. */
final class ServerProcess implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("ready on http://[^:]+:(\\d+)");

    private final Process process;
    private final int port;
    private final double startSeconds;

    private ServerProcess(Process process, int port, double startSeconds) {
        this.process = process;
        this.port = port;
        this.startSeconds = startSeconds;
    }

    static ServerProcess start(List<String> command, Map<String, String> environment) throws IOException {
        long began = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        BufferedReader output = process.inputReader();
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                double seconds = (System.nanoTime() - began) / 1e9;
                drain(output);
                return new ServerProcess(process, Integer.parseInt(ready.group(1)), seconds);
            }
            said.append(line).append('\n');
        }
        throw new IOException("the server ended before it was ready:\n" + said);
    }

    int port() {
        return port;
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /** From the start of the process to the line that says it is ready. */
    double startSeconds() {
        return startSeconds;
    }

    /** The most memory it ever held, in MiB. */
    double peakResidentMiB() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    /** The options its JVM was started with, so that a baseline can be given the same. */
    List<String> jvmOptions() throws IOException {
        List<String> options = new ArrayList<>();
        String[] words = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                .split("\0", -1);
        for (String word : Arrays.asList(words).subList(1, words.length)) {
            if (!word.startsWith("-X") && !word.startsWith("-D") && !word.startsWith("--")) {
                break;
            }
            if (!word.contains("SharedArchive")) {
                options.add(word);
            }
        }
        return options;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Keeps reading, so that the server never blocks on a full pipe. */
    private static void drain(BufferedReader output) {
        Thread reader = new Thread(() -> {
            try {
                while (output.readLine() != null) {
                    // what a running server says is of no interest here
                }
            } catch (IOException e) {
                // it ended
            }
        });
        reader.setDaemon(true);
        reader.start();
    }
}
