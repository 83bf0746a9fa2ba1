package dev.slackline.app.consume;

import dev.slackline.app.process.Terminal;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.RetryLaterException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs a command of the shell for each delivery: the delivery's line of JSON on its stdin, {@code SLACKLINE_ID},
 * {@code SLACKLINE_KEY}, {@code SLACKLINE_ATTEMPT} and {@code SLACKLINE_GROUP} in its environment, its stdout and stderr
 * those of this process. Exit code 0 acknowledges; any other has the message retried with the last line of stderr as
 * the reason. A command that takes too long is killed together with what it started.
 */
public final class ExecHandler implements Consuming.Handler {

    private static final Duration LAST_OUTPUT = Duration.ofSeconds(1);

    /** What a shell answers for a command that SIGINT or SIGTERM ended. */
    private static final Set<Integer> SIGNALLED = Set.of(130, 143);

    /** How much later than the command this process may hear of a signal to both. */
    private static final Duration SAME_SIGNAL = Duration.ofSeconds(1);

    private final String command;
    private final String group;
    private final Duration timeout;
    private final Terminal terminal;
    private final BooleanSupplier stopping;
    private final ExecutorService pipes = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "slackline-exec-pipe");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Takes what to run.
     *
     * @param timeout how long one run may take
     * @param stopping whether this process was asked to stop: Ctrl-C reaches the command as well, and a command that
     *     fails then has not failed at the message
     */
    public ExecHandler(String command, String group, Duration timeout, Terminal terminal, BooleanSupplier stopping) {
        this.command = command;
        this.group = group;
        this.timeout = timeout;
        this.terminal = terminal;
        this.stopping = stopping;
    }

    @Override
    public void handle(Delivery delivery) throws IOException, InterruptedException {
        Process process = start(delivery);
        CompletableFuture<String> lastLine = CompletableFuture.supplyAsync(() -> passOn(process), pipes);
        pipes.execute(() -> feed(process, DeliveryLine.of(delivery)));
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failed("the command took longer than " + timeout.toSeconds() + " s");
            } else if (process.exitValue() != 0 && isStopping(process.exitValue())) {
                delivery.release();
            } else if (process.exitValue() != 0) {
                throw failed(reason(process.exitValue(), lastLine));
            }
        } finally {
            kill(process);
        }
    }

    /** Ctrl-C and systemd signal this process and the command at once, and the command may be the first to notice. */
    private boolean isStopping(int exitCode) throws InterruptedException {
        long deadline = System.nanoTime() + (SIGNALLED.contains(exitCode) ? SAME_SIGNAL.toNanos() : 0);
        while (!stopping.getAsBoolean() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return stopping.getAsBoolean();
    }

    private Process start(Delivery delivery) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-c", command).redirectOutput(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        environment.put("SLACKLINE_ID", delivery.message().id());
        environment.put("SLACKLINE_KEY", delivery.message().key());
        environment.put("SLACKLINE_ATTEMPT", Integer.toString(delivery.attempt()));
        environment.put("SLACKLINE_GROUP", group);
        return builder.start();
    }

    private static void feed(Process process, byte[] line) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(line);
            stdin.write('\n');
        } catch (IOException e) {
            // a command need not read its input; its exit code says whether it is content
        }
    }

    private String passOn(Process process) {
        String last = "";
        try (BufferedReader stderr =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = stderr.readLine(); line != null; line = stderr.readLine()) {
                terminal.say(line);
                last = line.isBlank() ? last : line;
            }
        } catch (IOException e) {
            // the command was killed: what it said before stands
        }
        return last;
    }

    private static String reason(int exitCode, CompletableFuture<String> lastLine) {
        String said = lastLine.copy()
                .completeOnTimeout("", LAST_OUTPUT.toMillis(), TimeUnit.MILLISECONDS)
                .join()
                .replaceAll("\\p{Cntrl}", "?")
                .strip();
        return "the command ended with exit code " + exitCode + (said.isEmpty() ? "" : ": " + said);
    }

    private static RetryLaterException failed(String reason) {
        return new RetryLaterException(Duration.ZERO, reason);
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
