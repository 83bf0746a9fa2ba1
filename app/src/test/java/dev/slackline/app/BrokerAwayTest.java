package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.app.InProcess.Result;
import dev.slackline.app.ScriptedProvider.Broker;
import dev.slackline.app.serve.Declaration;
import dev.slackline.app.serve.Metrics;
import dev.slackline.app.serve.Server;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueBackendProvider.Opening;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Settings;
import dev.slackline.slack.HttpSettings;
import dev.slackline.slack.SlackSettings;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker that cannot be reached, says nothing, or says no. */
class BrokerAwayTest {

    private static final Map<String, String> SCRIPTED =
            Map.of("QUEUE_BACKEND", "scripted", "QUEUE_PUBLISH_TIMEOUT", "700ms", "QUEUE_GROUPS", "default,bots");

    private final SignedSender slack = new SignedSender();

    @TempDir
    private Path folder = Path.of("");

    private InProcess slackline = new InProcess(folder);

    @BeforeEach
    void start() {
        slackline = new InProcess(folder);
        SCRIPTED.forEach(slackline::with);
    }

    @AfterEach
    void comeBack() {
        ScriptedProvider.broker = Broker.ANSWERS;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "publish k {}",
                "consume --max 1",
                "groups",
                "groups declare more",
                "groups drop bots --yes",
                "dead list",
                "dead replay --all"
            })
    void everyCommandEndsInTimeAndSaysWhereItLookedForTheBroker(String command) {
        ScriptedProvider.broker = Broker.UNREACHABLE;
        Result unreachable = slackline.run(command.split(" "));
        ScriptedProvider.broker = Broker.SILENT;
        Result silent = slackline.run(command.split(" "));

        assertThat(List.of(unreachable, silent)).allSatisfy(result -> {
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).doesNotContain("\tat ", "Exception");
        });
        assertThat(unreachable.err()).contains("cannot be reached at 10.0.0.7:1234");
        assertThat(silent.err()).contains("did not answer in time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish k {}", "consume", "groups", "dead list", "serve"})
    void aWrongPasswordEndsEveryCommandAtOnce(String command) {
        ScriptedProvider.broker = Broker.REFUSES;

        Result result = slackline
                .with("QUEUE_PUBLISH_TIMEOUT", "1h")
                .with("SLACK_SIGNING_SECRET", SlacklineProcess.SECRET)
                .with("HTTP_PORT", "0")
                .run(command.split(" "));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("slackline: the broker refuses the user guest")
                .doesNotContain("\tat ");
    }

    @Test
    void aQueueFromTheEnvironmentFailsInTimeWithTheReason() {
        ScriptedProvider.broker = Broker.UNREACHABLE;
        assertThatThrownBy(() -> Queue.fromEnv(SCRIPTED))
                .isInstanceOfSatisfying(
                        QueueConnectionException.class,
                        e -> assertThat(e.retryable()).isTrue())
                .hasMessageContaining("10.0.0.7:1234");
        ScriptedProvider.broker = Broker.SILENT;
        assertThatThrownBy(() -> Queue.fromEnv(SCRIPTED))
                .isInstanceOf(QueueConnectionException.class)
                .hasMessageContaining("did not answer");
    }

    @Test
    void theServerTakesNothingUntilTheGroupsAreDeclaredAndThenServesByItself() throws Exception {
        ScriptedProvider.broker = Broker.UNREACHABLE;
        List<String> said = new CopyOnWriteArrayList<>();
        try (Queue queue = queue()) {
            Declaration declaration = Declaration.start(queue, said::add);
            try (Server server = serve(queue, declaration)) {
                assertThat(slack.send(server.port(), "Ev1", "too early").join()).isEqualTo(503);
                HttpResponse<String> waiting = slack.get(server.port(), "/health/ready");
                assertThat(waiting.statusCode()).isEqualTo(503);
                assertThat(waiting.body()).contains("QUEUE_GROUPS are not declared yet", "10.0.0.7:1234");
                assertThat(slack.get(server.port(), "/").body()).contains("DOWN", "10.0.0.7:1234");
                assertThat(slack.get(server.port(), "/health/live").statusCode())
                        .isEqualTo(200);

                ScriptedProvider.broker = Broker.ANSWERS;
                declaration.done().toCompletableFuture().join();

                assertThat(slack.send(server.port(), "Ev1", "again").join()).isEqualTo(200);
                assertThat(slack.get(server.port(), "/health/ready").statusCode())
                        .isEqualTo(200);
                for (String group : List.of("default", "bots")) {
                    assertThat(queue.group(group)
                                    .stats()
                                    .toCompletableFuture()
                                    .join()
                                    .ready())
                            .as(group)
                            .isEqualTo(1);
                }
                assertThat(said)
                        .singleElement()
                        .asString()
                        .startsWith("Waiting for the queue")
                        .contains("10.0.0.7:1234");
            }
        }
    }

    @Test
    void aRefusalWhileTheServerWaitsEndsTheWait() {
        ScriptedProvider.broker = Broker.SILENT;
        try (Queue queue = queue()) {
            Declaration declaration = Declaration.start(queue, line -> ScriptedProvider.broker = Broker.REFUSES);

            assertThatThrownBy(() -> declaration.done().toCompletableFuture().join())
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseMessage("the broker refuses the user guest; check the password");
        }
    }

    private static Queue queue() {
        Settings settings = Settings.parse(SCRIPTED, QueueSettings.ALL);
        QueueSettings portable = QueueSettings.from(settings);
        return Queue.of(new ScriptedProvider().open(new Opening(settings, portable, InstantSource.system())), portable);
    }

    private static Server serve(Queue queue, Declaration declaration) {
        HttpSettings http = HttpSettings.from(Settings.parse(Map.of("HTTP_PORT", "0"), HttpSettings.ALL));
        SlackSettings secret = SlackSettings.from(
                Settings.parse(Map.of("SLACK_SIGNING_SECRET", SlacklineProcess.SECRET), SlackSettings.ALL));
        return Server.start(queue, declaration, new Metrics(), secret, http);
    }
}
