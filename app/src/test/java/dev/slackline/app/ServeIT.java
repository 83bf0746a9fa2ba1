package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process, with a consumer in another. */
class ServeIT {

    private final SignedSender slack = new SignedSender();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void anEventReachesAConsumerInAnotherProcess() throws Exception {
        try (SlacklineProcess serve = SlacklineProcess.serve(folder, Map.of());
                SlacklineProcess consume = SlacklineProcess.start(folder, Map.of(), "consume", "--max", "1")) {
            assertThat(slack.send(serve.port(), "Ev1", "hello").join()).isEqualTo(200);
            assertThat(slack.send(serve.port(), "Ev1", "hello").join()).isEqualTo(200);

            assertThat(consume.exitCode()).isZero();
            assertThat(consume.out())
                    .startsWith("{\"id\":\"Ev1\",\"key\":\"event.message\",\"orderingKey\":\"T1/C1\",\"attempt\":1,")
                    .contains("\"slack-team\":\"T1\"", "\"text\":\"hello\"")
                    .hasLineCount(1);
            assertThat(serve.out()).isEmpty();
            assertThat(serve.err()).contains("Slackline is ready on http://127.0.0.1:", "(sqlite)");

            HttpResponse<String> metrics = slack.get(serve.port(), "/metrics");
            assertThat(metrics.body())
                    .contains(
                            "slackline_intake_answers_seconds_count{answer=\"durable\",status=\"200\"} 2",
                            "slackline_publish_seconds_count 2",
                            "slackline_group_messages{group=\"default\",state=\"ready\"} 0.0",
                            "slackline_group_oldest_age_seconds{group=\"default\"} 0.0")
                    .doesNotContain(SlacklineProcess.SECRET);
            HttpResponse<String> ready = slack.get(serve.port(), "/health/ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.body())
                    .contains(
                            "\"status\":\"UP\"",
                            "\"backend\":\"sqlite\"",
                            "\"groupsConsumed\":[]",
                            "\"lastPublish\":\"20");
            assertThat(slack.get(serve.port(), "/health/live").statusCode()).isEqualTo(200);
            HttpResponse<String> console = slack.get(serve.port(), "/");
            assertThat(console.headers().firstValue("content-type")).hasValue("text/html;charset=utf-8");
            assertThat(console.body()).contains("<td>default</td>").doesNotContain("<script");
            assertThat(slack.get(serve.port(), "/nowhere").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void askedToStopItFinishesWhatItHasTakenAndEndsWithZero() throws Exception {
        try (SlacklineProcess serve = SlacklineProcess.serve(folder, Map.of())) {
            int port = serve.port();
            List<CompletableFuture<Integer>> answers = IntStream.range(0, 300)
                    .mapToObj(i -> slack.send(port, "Ev" + i, "x"))
                    .toList();
            CompletableFuture.anyOf(answers.toArray(CompletableFuture<?>[]::new))
                    .join();

            serve.terminate();

            assertThat(serve.exitCode()).isZero();
            List<Integer> statuses =
                    answers.stream().map(CompletableFuture::join).toList();
            long durable = statuses.stream().filter(status -> status == 200).count();
            assertThat(statuses).isSubsetOf(200, 503, 0);
            assertThat(durable).isPositive();
            assertThat(serve.err()).doesNotContain("ERROR", "\tat ");

            try (SlacklineProcess consume =
                    SlacklineProcess.start(folder, Map.of(), "consume", "--idle-timeout", "1s")) {
                assertThat(consume.exitCode()).isZero();
                assertThat(consume.out().lines().count()).isGreaterThanOrEqualTo(durable);
            }
        }
    }

    @Test
    void aPortInUseIsAClearErrorAndEndsWithOne() throws Exception {
        try (SlacklineProcess first = SlacklineProcess.serve(folder, Map.of());
                SlacklineProcess second =
                        SlacklineProcess.start(folder, Map.of("HTTP_PORT", Integer.toString(first.port())), "serve")) {
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.err())
                    .contains("127.0.0.1:" + first.port(), "another port")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void logsAreJsonWhenAskedAndHoldNeitherSecretNorPayload() throws Exception {
        Map<String, String> environment = Map.of("LOG_FORMAT", "json", "LOG_LEVEL", "trace", "HTTP_PROT", "1");
        try (SlacklineProcess serve = SlacklineProcess.serve(folder, environment)) {
            slack.send(serve.port(), "Ev1", "the-payload-is-private").join();
            serve.terminate();
            assertThat(serve.exitCode()).isZero();

            List<String> lines = serve.err()
                    .lines()
                    .filter(line -> !line.startsWith("Slackline is ready"))
                    .toList();
            assertThat(lines)
                    .isNotEmpty()
                    .allSatisfy(
                            line -> assertThat(line).startsWith("{\"time\":\"").endsWith("\"}"))
                    .anySatisfy(line -> assertThat(line).contains("\"level\":\"WARN\"", "HTTP_PROT", "HTTP_PORT"));
            assertThat(serve.err()).doesNotContain(SlacklineProcess.SECRET, "the-payload-is-private");
        }
    }

    @Test
    void anInterruptedConsumerEndsWithZeroAndGivesBackWhatItHolds() throws Exception {
        InProcess here = new InProcess(folder);
        here.runOn("{\"n\":1}\n".repeat(10), "publish", "k");
        try (SlacklineProcess consume = SlacklineProcess.start(
                folder, Map.of(), "consume", "--exec", "touch held; exec sleep 1", "--concurrency", "2")) {
            SlacklineProcess.await("a command runs", folder.resolve("held").toFile()::exists);

            consume.terminate();

            assertThat(consume.exitCode()).isZero();
        }
        assertThat(here.run("groups", "--json").out()).contains("\"ready\":8,\"inFlight\":0,\"delayed\":0,\"dead\":0");
    }

    @Test
    void aCommandThatDoesNotDrainEndsAtOnceWhenAsked() throws Exception {
        try (SlacklineProcess publish = SlacklineProcess.start(folder, Map.of(), "publish", "k")) {
            SlacklineProcess.await(
                    "the queue is open", folder.resolve("queue.db").toFile()::exists);

            publish.terminate();

            assertThat(publish.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void aReaderThatHasHadEnoughIsNoFailure() throws Exception {
        InProcess here = new InProcess(folder);
        here.runOn("{\"text\":\"" + "x".repeat(2_000) + "\"}\n" + "{\"n\":1}\n".repeat(999), "publish", "k");

        assertThat(pipedIntoHead("consume")).isEqualTo("1\n0\n");
        assertThat(here.run("groups", "--json").out()).contains("\"inFlight\":0,\"delayed\":0,\"dead\":0");
    }

    @Test
    void aListWhoseReaderHasHadEnoughEndsInSilence() throws Exception {
        InProcess here = new InProcess(folder).with("QUEUE_MAX_ATTEMPTS", "1");
        here.runOn("{\"n\":1}\n".repeat(600), "publish", "k".repeat(60));
        here.run("consume", "--forward", "http://127.0.0.1:1", "--idle-timeout", "1s", "--concurrency", "8");

        assertThat(pipedIntoHead("dead", "list", "--json")).isEqualTo("1\n0\n");
    }

    /** How many lines came through {@code head -1}, the exit code, and anything that was said. */
    private String pipedIntoHead(String... args) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("bash", "-c", "\"$@\" | head -1 | wc -l; echo ${PIPESTATUS[0]}", "bash"));
        command.addAll(SlacklineProcess.commandLine());
        command.addAll(List.of(args));
        ProcessBuilder pipe =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        pipe.environment().put("SQLITE_PATH", folder.resolve("queue.db").toString());
        return new String(pipe.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
