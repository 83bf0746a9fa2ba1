package dev.slackline.queue.testkit.broker;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that brokers bring, and how to run it to its end.
 *
 * @param path where it is
 */
record Program(Path path) {

    /**
     * Looks for it.
     *
     * @param places folders that are looked into before those of the {@code PATH}
     */
    static Optional<Program> find(String name, String... places) {
        String searched = new ProcessBuilder().environment().getOrDefault("PATH", "");
        return Stream.concat(Arrays.stream(places), Arrays.stream(searched.split(File.pathSeparator, -1)))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Program::new);
    }

    /**
     * Runs it and returns what it printed.
     *
     * @param environment what is put over the environment of this process
     * @throws IllegalStateException with what it said if it fails or takes longer than the bound
     */
    String run(Map<String, String> environment, Duration bound, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(path.toString()));
        command.addAll(arguments);
        try {
            Path said = Files.createTempFile("slackline-" + path.getFileName(), ".out");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile());
                builder.environment().putAll(environment);
                return finish(builder.start(), said, bound, command);
            } finally {
                Files.delete(said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be run", e);
        }
    }

    private static String finish(Process process, Path said, Duration bound, List<String> command) throws IOException {
        try {
            boolean ended = process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
            String output = Files.readString(said, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(
                        command + (ended ? " failed: " : " took longer than " + bound + ": ") + output.strip());
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        } finally {
            process.destroyForcibly();
        }
    }
}
