package dev.slackline.queue.testkit.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process group that dies with this JVM, even if that is killed: a guard holds the end of a pipe, and kills the group
 * when the pipe closes. Both have sessions of their own, so that what ends the JVM does not end the guard first.
 */
final class OwnedProcess implements AutoCloseable {

    private static final String GUARD = """
            log=$1
            shift
            exec 3<&0
            setsid "$@" </dev/null >>"$log" 2>&1 3<&- &
            group=$!
            echo "$group"
            { cat <&3; kill -9 "-$group"; } >/dev/null 2>&1 &
            wait "$group"
            """;

    private final Process guard;
    private final long group;
    private final Path log;
    private final long logStart;

    private OwnedProcess(Process guard, long group, Path log, long logStart) {
        this.guard = guard;
        this.group = group;
        this.log = log;
        this.logStart = logStart;
    }

    /**
     * Starts it.
     *
     * @param environment what is put over the environment of this process
     * @param log where its output is appended
     */
    static OwnedProcess start(Map<String, String> environment, Path log, List<String> command) {
        List<String> guarded = new ArrayList<>(List.of("setsid", "sh", "-c", GUARD, "guard", log.toString()));
        guarded.addAll(command);
        try {
            Path folder = log.toAbsolutePath().getParent();
            long logStart = Files.exists(log) ? Files.size(log) : 0;
            ProcessBuilder builder = new ProcessBuilder(guarded)
                    .directory(folder == null ? null : folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            Process guard = builder.start();
            BufferedReader said = guard.inputReader(StandardCharsets.UTF_8);
            return new OwnedProcess(guard, Long.parseLong(said.readLine()), log, logStart);
        } catch (IOException e) {
            throw new UncheckedIOException(command.get(0) + " cannot be started", e);
        }
    }

    long group() {
        return group;
    }

    boolean isAlive() {
        return guard.isAlive();
    }

    /** Sends the signal, {@code TERM} or {@code STOP}, to the whole group, unless it has ended. */
    void signal(String name) {
        try {
            new Program(Path.of("/bin/sh"))
                    .run(Map.of(), Duration.ofSeconds(10), List.of("-c", "kill -" + name + " -" + group));
        } catch (IllegalStateException refused) {
            if (!endsWithin(Duration.ofSeconds(1))) {
                throw refused;
            }
        }
    }

    /** Kills the group, and waits until it is gone. */
    void kill9() {
        if (isAlive()) {
            signal("KILL");
            if (!endsWithin(Duration.ofSeconds(30))) {
                throw new IllegalStateException("process " + group + " cannot be killed");
            }
        }
    }

    /** Waits for its end. */
    boolean endsWithin(Duration bound) {
        try {
            return guard.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for process " + group, e);
        }
    }

    /** Whether it has printed this since it was started; what an earlier process left in the log does not count. */
    boolean hasPrinted(String words) {
        try (SeekableByteChannel said = Files.newByteChannel(log)) {
            InputStream since = Channels.newInputStream(said.position(logStart));
            return new String(since.readAllBytes(), StandardCharsets.UTF_8).contains(words);
        } catch (NoSuchFileException notYet) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(log + " cannot be read", e);
        }
    }

    /** The end of what it printed, for a failure. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return "its log cannot be read: " + e;
        }
    }

    @Override
    public void close() {
        kill9();
    }
}
