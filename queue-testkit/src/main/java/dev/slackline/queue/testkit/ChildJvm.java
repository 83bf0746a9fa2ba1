package dev.slackline.queue.testkit;

import dev.slackline.queue.QueueSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Another JVM with the class path of this one, that works on a topic as its own process would, tells on its standard
 * output what it did, and can be killed as {@code kill -9} does. Its lines are those of {@link ChildMain}.
 */
final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final Collection<String> lines = new ConcurrentLinkedQueue<>();
    private final Collection<String> complaints = new ConcurrentLinkedQueue<>();
    private final Consumer<String> heard;

    private ChildJvm(Process process, Consumer<String> heard) {
        this.process = process;
        this.heard = heard;
        read("stdout", process.inputReader(StandardCharsets.UTF_8), this::hear);
        read("stderr", process.errorReader(StandardCharsets.UTF_8), complaints::add);
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @param settings what it opens the topic with
     * @param options options of the JVM
     * @param work what it is to do: a mode of {@link ChildMain} and its arguments
     * @param heard told each line, on a thread of its own
     */
    static ChildJvm start(
            Map<String, String> settings, List<String> options, List<String> work, Consumer<String> heard) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx128m"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildMain.class.getName()));
        command.addAll(work);
        try {
            ChildJvm child = new ChildJvm(new ProcessBuilder(command).start(), heard);
            child.tell(settings);
            child.await("READY");
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException("the other JVM did not start", e);
        }
    }

    /** Starts one on the topic of a trial; what it says it did goes into the ledger. */
    static ChildJvm start(Trial trial, List<String> options, List<String> work) {
        Map<String, String> settings = new HashMap<>(trial.settings());
        settings.put(QueueSettings.GROUPS.name(), trial.group());
        return start(settings, options, work, line -> {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "CONFIRMED" -> trial.ledger().confirmed(words[1]);
                case "DELIVERED" -> trial.ledger().delivered(trial.group(), words[1], Integer.parseInt(words[2]));
                case "ACKED" -> trial.ledger().settled(trial.group(), words[1], Ledger.Outcome.ACK);
                case "DEAD" -> trial.ledger().settled(trial.group(), words[1], Ledger.Outcome.DEAD_LETTER);
                default -> {}
            }
        });
    }

    /** Waits until it has said a line that starts like this. */
    String await(String start) {
        Await.until(
                () -> "the other JVM says " + start + "; it said " + tail(lines) + " and complained "
                        + tail(complaints),
                Await.bound().multipliedBy(2),
                () -> lines.stream().anyMatch(line -> line.startsWith(start)));
        return lines.stream().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
    }

    /** How many lines it has said that start like this. */
    long count(String start) {
        return lines.stream().filter(line -> line.startsWith(start)).count();
    }

    /** What it has said that it begins and not that it has ended. */
    Set<String> startedAndNotEnded(String begin, String end) {
        Set<String> open = new HashSet<>();
        for (String line : lines) {
            if (line.startsWith(begin)) {
                open.add(line.substring(begin.length()));
            } else if (line.startsWith(end)) {
                open.remove(line.substring(end.length()));
            }
        }
        return open;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it as {@code kill -9} does, and waits until it is dead and everything it said was heard. */
    void kill9() {
        process.toHandle().destroyForcibly(); // the process itself would close what we still read its output from
        try {
            if (!process.waitFor(Await.bound().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the other JVM cannot be killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while killing", e);
        }
        Await.until("everything it said was heard", () -> lines.contains("END"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void tell(Map<String, String> settings) throws IOException {
        try (Writer input = process.outputWriter(StandardCharsets.UTF_8)) {
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                input.write(setting.getKey() + "=" + setting.getValue() + "\n");
            }
        }
    }

    private void hear(String line) {
        heard.accept(line);
        lines.add(line);
    }

    private void read(String what, BufferedReader reader, Consumer<String> to) {
        Thread thread = new Thread(
                () -> {
                    try (reader) {
                        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                            to.accept(line);
                        }
                    } catch (IOException e) {
                        complaints.add("cannot be heard any more: " + e);
                    }
                    lines.add(what.equals("stdout") ? "END" : "");
                },
                "child-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    private static List<String> tail(Collection<String> of) {
        List<String> all = List.copyOf(of);
        return all.subList(Math.max(0, all.size() - 5), all.size());
    }
}
