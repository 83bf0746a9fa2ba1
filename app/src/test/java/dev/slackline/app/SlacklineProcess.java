package dev.slackline.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of Slackline on the class path of this one, with an environment of its own and its streams in files. */
final class SlacklineProcess implements AutoCloseable {

    static final String SECRET = "8f742231b10e8888abcd99yyyzzz85a5";

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Pattern READY = Pattern.compile("Slackline is ready on http://127\\.0\\.0\\.1:(\\d+) ");

    private final Process process;
    private final Path out;
    private final Path err;

    private SlacklineProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts a command in this folder, on the file {@code queue.db} in it. */
    static SlacklineProcess start(Path folder, Map<String, String> environment, String... args) throws IOException {
        Path out = Files.createTempFile(folder, "out-", ".txt");
        Path err = Files.createTempFile(folder, "err-", ".txt");
        List<String> command = new ArrayList<>(commandLine());
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        String path = System.getenv("PATH");
        builder.environment().clear();
        builder.environment().put("PATH", path == null ? "/usr/bin:/bin" : path);
        Map<String, String> ours = new HashMap<>(Map.of(
                "SQLITE_PATH",
                folder.resolve("queue.db").toString(),
                "SLACK_SIGNING_SECRET",
                SECRET,
                "HTTP_PORT",
                "0"));
        ours.putAll(environment);
        builder.environment().putAll(ours);
        return new SlacklineProcess(builder.start(), out, err);
    }

    /** What the launcher would run, without the arguments. */
    static List<String> commandLine() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx192m"));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        return command;
    }

    /** Starts to serve and waits until it is ready. */
    static SlacklineProcess serve(Path folder, Map<String, String> environment) throws IOException {
        SlacklineProcess serve = start(folder, environment, "serve");
        await("serve is ready", () -> serve.port() > 0 || !serve.process.isAlive());
        if (serve.port() == 0) {
            throw new IllegalStateException("serve did not start: " + serve.err());
        }
        return serve;
    }

    /** Waits for a condition, at most a minute. */
    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for: " + what);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** The port that the ready line names; 0 before it was written. */
    int port() {
        Matcher matcher = READY.matcher(err());
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    void terminate() {
        process.destroy();
    }

    /** What Ctrl-C does. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    void killNine() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Kills the process whose id stands in a file. */
    static void killNine(Path pid) throws IOException {
        long id = Long.parseLong(Files.readString(pid).strip());
        ProcessHandle process = ProcessHandle.of(id).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Waits for the end. @return the exit code */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after two minutes; it said: " + err());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
