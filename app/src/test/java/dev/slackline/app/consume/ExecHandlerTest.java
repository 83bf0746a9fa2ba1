package dev.slackline.app.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.app.process.Terminal;
import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecHandlerTest {

    private static final Duration IDLE = Duration.ofMillis(400);

    @TempDir
    private Path folder = Path.of("");

    private final Queue queue = MemoryQueue.open();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal =
            new Terminal(new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), err, "", false);

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void theCommandGetsTheLineOnStdinAndTheNamesInItsEnvironment() throws Exception {
        queue.publish(Message.of("event.message", Payload.parse("{\"n\":1}")).withId("Ev1"))
                .join();

        consume("{ cat; echo \"$SLACKLINE_ID $SLACKLINE_KEY $SLACKLINE_ATTEMPT $SLACKLINE_GROUP\"; } > "
                + folder.resolve("seen"));

        assertThat(Files.readAllLines(folder.resolve("seen")))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("{\"id\":\"Ev1\"").endsWith("\"payload\":{\"n\":1}}"),
                        line -> assertThat(line).isEqualTo("Ev1 event.message 1 default"));
        assertThat(dead()).isEmpty();
        assertThat(waiting()).isZero();
    }

    @Test
    void aFailureIsRetriedWithTheLastLineOfStderrAsTheReason() {
        queue.publish("k", Map.of()).join();

        consume("echo first >&2; printf 'the\\ttrouble\\n\\n' >&2; exit 7");

        assertThat(dead()).singleElement().satisfies(letter -> {
            assertThat(letter.last().attempts()).isEqualTo(2);
            assertThat(letter.last().reason()).isEqualTo("the command ended with exit code 7: the?trouble");
        });
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("first\n", "the\ttrouble\n");
    }

    @Test
    void aCommandThatReadsNothingOfALargePayloadIsContent() {
        queue.publish("k", Map.of("text", "x".repeat(500_000))).join();

        consume("exit 0");

        assertThat(dead()).isEmpty();
        assertThat(waiting()).isZero();
    }

    @Test
    void aCommandThatTakesTooLongIsKilledWithWhatItStarted() throws Exception {
        queue.publish("k", Map.of()).join();
        Path pid = folder.resolve("pid");

        consume(new ExecHandler(
                "sleep 300 & echo $! > " + pid + "; wait", "default", Duration.ofSeconds(2), terminal, () -> false));

        assertThat(dead())
                .singleElement()
                .satisfies(letter -> assertThat(letter.last().reason()).contains("took longer"));
        long sleeper = Long.parseLong(Files.readString(pid).strip());
        assertThat(ProcessHandle.of(sleeper)
                        .map(process -> process.onExit()
                                .completeOnTimeout(process, 20, TimeUnit.SECONDS)
                                .thenApply(ProcessHandle::isAlive)
                                .join())
                        .orElse(false))
                .isFalse();
    }

    @Test
    void aCommandThatHearsOfTheSameSignalFirstBurnsNoAttempt() {
        queue.publish("k", Map.of()).join();
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        ExecHandler handler = new ExecHandler("exit 130", "default", Duration.ofSeconds(5), terminal, stopped::isDone);
        stopped.completeOnTimeout(null, 200, TimeUnit.MILLISECONDS);

        new Consuming(new Consuming.Limits(1, null, 1), handler).run(queue, "default", new CompletableFuture<>());

        assertThat(waiting()).isEqualTo(1);
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        new Consuming(new Consuming.Limits(1, null, 1), delivery -> attempts.add(delivery.attempt()))
                .run(queue, "default", new CompletableFuture<>());
        assertThat(attempts).containsExactly(1);
    }

    @Test
    void aCommandThatFailsWhileTheProcessStopsBurnsNoAttempt() {
        queue.publish("k", Map.of()).join();
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        ExecHandler handler = new ExecHandler("exit 130", "default", Duration.ofSeconds(5), terminal, stopped::isDone);

        new Consuming(new Consuming.Limits(1, null, 1), delivery -> {
                    stopped.complete(null);
                    handler.handle(delivery);
                })
                .run(queue, "default", new CompletableFuture<>());

        assertThat(waiting()).isEqualTo(1);
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        new Consuming(new Consuming.Limits(1, null, 1), delivery -> attempts.add(delivery.attempt()))
                .run(queue, "default", new CompletableFuture<>());
        assertThat(attempts).containsExactly(1);
    }

    @Test
    void severalRunAtOnceAndEachMessageOnce() throws Exception {
        IntStream.range(0, 20)
                .mapToObj(i -> queue.publish("k", Map.of("n", i)))
                .toList()
                .forEach(CompletableFuture::join);

        new Consuming(
                        new Consuming.Limits(Long.MAX_VALUE, IDLE, 4),
                        new ExecHandler(
                                "echo $SLACKLINE_ID >> " + folder.resolve("ids"),
                                "default",
                                Duration.ofSeconds(10),
                                terminal,
                                () -> false))
                .run(queue, "default", new CompletableFuture<>());

        assertThat(Files.readAllLines(folder.resolve("ids"))).hasSize(20).doesNotHaveDuplicates();
    }

    private void consume(String command) {
        consume(new ExecHandler(command, "default", Duration.ofSeconds(10), terminal, () -> false));
    }

    private void consume(ExecHandler handler) {
        new Consuming(new Consuming.Limits(Long.MAX_VALUE, IDLE, 1), handler)
                .run(queue, "default", new CompletableFuture<>());
    }

    private List<DeadLetter> dead() {
        return queue.group("default")
                .deadLetters()
                .list(null, 10)
                .toCompletableFuture()
                .join();
    }

    private long waiting() {
        return queue.group("default").stats().toCompletableFuture().join().waiting();
    }
}
