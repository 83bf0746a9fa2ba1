package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.app.InProcess.Result;
import dev.slackline.queue.testkit.broker.RabbitMqBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees with {@code QUEUE_BACKEND=rabbitmq}, on a broker that stops and starts. */
class RabbitMqCommandsIT {

    private static final Duration IN_TIME = Duration.ofSeconds(20);

    @TempDir
    static Path brokerFolder;

    private static RabbitMqBroker broker;

    private final SignedSender slack = new SignedSender();
    private final String exchange = "commands_" + UUID.randomUUID().toString().substring(0, 8);

    @TempDir
    private Path folder = Path.of("");

    private InProcess slackline = new InProcess(folder);

    @BeforeAll
    static void startBroker() {
        broker = RabbitMqBroker.in(brokerFolder);
        broker.start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) { // null where RabbitMQ is not installed
            broker.close();
        }
    }

    @BeforeEach
    void start() {
        broker.start();
        slackline = new InProcess(folder);
        environment().forEach(slackline::with);
    }

    @Test
    void whatIsPublishedIsConsumedByEveryGroup() {
        assertThat(slackline.run("groups", "declare", "audit").lines()).containsExactly("audit");
        Result published = slackline.run(
                "publish", "event.app_mention", "{\"text\": \"héllo\"}", "--id", "Ev1", "--ordering-key", "T1/C1");
        slackline.runOn("{\"n\":1}\n{\"n\":2}\n", "publish", "k");

        assertThat(published.lines()).containsExactly("Ev1");
        assertThat(slackline.run("groups", "--json").lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("\"ready\":3,\"inFlight\":0"));
        for (String group : new String[] {"audit", "default"}) {
            Result consumed = slackline.run("consume", "--group", group, "--max", "3");
            assertThat(consumed.exitCode()).isZero();
            assertThat(consumed.lines()).hasSize(3);
            assertThat(consumed.lines().get(0))
                    .startsWith(
                            "{\"id\":\"Ev1\",\"key\":\"event.app_mention\",\"orderingKey\":\"T1/C1\",\"attempt\":1,")
                    .endsWith("\"payload\":{\"text\": \"héllo\"}}");
        }
        assertThat(slackline.run("groups", "drop", "audit", "--yes").exitCode()).isZero();
        assertThat(slackline.run("groups", "--json").lines())
                .singleElement()
                .asString()
                .contains("\"default\"");
    }

    @Test
    void aDeadLetterIsShownReplayedAndDropped() {
        slackline.with("QUEUE_MAX_ATTEMPTS", "2");
        slackline.run("publish", "k", "{\"n\":1}", "--id", "Ev1");
        slackline.run("publish", "k", "{\"n\":2}", "--id", "Ev2");
        slackline.run("consume", "--exec", "echo it is broken >&2; exit 3", "--idle-timeout", "2s");

        assertThat(slackline.run("dead", "list").out()).contains("Ev1", "Ev2", "exit code 3: it is broken");
        assertThat(slackline.run("dead", "show", "Ev2").out())
                .contains("\"payload\":{\"n\":2}", "\"attempts\":2", "\"reason\":\"the command ended with exit code 3");
        Result replayed = slackline.run("dead", "replay", "Ev2", "Ev9");
        assertThat(replayed.lines()).containsExactly("1");
        assertThat(replayed.err()).contains("no dead letter 'Ev9'");
        assertThat(slackline.run("consume", "--max", "1").out()).contains("\"id\":\"Ev2\"", "\"attempt\":1");
        assertThat(slackline.run("dead", "drop", "--all", "--yes").lines()).containsExactly("1");
        assertThat(slackline.run("dead", "list").lines()).isEmpty();
    }

    @Test
    void theDemoLosesNothingAndLeavesTheBrokerAsItWas() {
        slackline.run("publish", "k", "{}");
        String before = atTheBroker();

        Result chosen = slackline.run("demo", "--events", "30");
        Result named = slackline.with("QUEUE_BACKEND", "sqlite").run("demo", "--events", "30", "--backend", "rabbitmq");

        assertThat(chosen.err() + named.err()).isEmpty();
        assertThat(chosen.out()).contains("exchange slackline_demo_", "Nothing was lost.");
        assertThat(named.out()).contains("exchange slackline_demo_", "Nothing was lost.");
        assertThat(chosen.exitCode() + named.exitCode()).isZero();
        assertThat(atTheBroker()).contains(exchange).isEqualTo(before);
    }

    @Test
    void aWrongPasswordIsSaidAtOnce() {
        long started = System.nanoTime();
        Result serve = slackline
                .with("MQ_PASSWORD", "not-the-password")
                .with("SLACK_SIGNING_SECRET", SlacklineProcess.SECRET)
                .run("serve");
        Result publish = slackline.run("publish", "k", "{}");

        for (Result result : new Result[] {serve, publish}) {
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("MQ_PASSWORD", address()).doesNotContain("not-the-password", "\tat ");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(IN_TIME);
    }

    @Test
    void aMissingPasswordIsAWrongConfiguration() {
        Result result =
                slackline.with("MQ_PASSWORD", "").with("MQ_USERNAME", "").run("groups");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("MQ_USERNAME is required", "MQ_PASSWORD is required");
    }

    @Test
    void withTheBrokerDownCommandsFailInTimeAndTheServerWaitsForIt() throws Exception {
        broker.stop();
        String address = address();
        slackline.with("QUEUE_PUBLISH_TIMEOUT", "2s");
        for (String command : new String[] {"publish k {}", "consume", "groups", "dead list", "demo --events 5"}) {
            long started = System.nanoTime();
            Result result = slackline.run(command.split(" "));
            assertThat(result.exitCode()).as(command).isEqualTo(1);
            assertThat(result.err())
                    .as(command)
                    .contains(address, "is it running?")
                    .doesNotContain("\tat ");
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .as(command)
                    .isLessThan(IN_TIME);
        }
        try (SlacklineProcess serve = SlacklineProcess.start(folder, environment(), "serve")) {
            SlacklineProcess.await("serve says that it waits", () -> serve.err().contains("Waiting for the queue"));
            assertThat(serve.err()).contains(address).doesNotContain("ready", "\tat ");

            broker.start();
            SlacklineProcess.await("serve is ready", () -> serve.port() > 0);

            assertThat(slack.send(serve.port(), "Ev1", "hello").join()).isEqualTo(200);
            assertThat(serve.err()).containsOnlyOnce("Waiting for the queue");
        }
        assertThat(slackline.run("consume", "--max", "1").out()).contains("\"id\":\"Ev1\"");
    }

    @Test
    void serverAndConsumerOutliveARestartOfTheBroker() throws Exception {
        try (SlacklineProcess serve = SlacklineProcess.serve(folder, environment());
                SlacklineProcess consume = SlacklineProcess.start(folder, environment(), "consume")) {
            assertThat(slack.send(serve.port(), "Ev1", "before").join()).isEqualTo(200);
            SlacklineProcess.await("the first was consumed", () -> consume.out().contains("Ev1"));

            broker.kill9();
            assertThat(slack.send(serve.port(), "Ev2", "meanwhile").join()).isEqualTo(503);
            SlacklineProcess.await("serve is not ready", () -> ready(serve) == 503);
            broker.start();
            SlacklineProcess.await("serve is ready again", () -> ready(serve) == 200);
            assertThat(slack.send(serve.port(), "Ev2", "again").join()).isEqualTo(200);

            // the first may come again: the broker may have died before it had its acknowledgement on disk
            SlacklineProcess.await(
                    "the second was consumed", () -> consume.out().contains("\"id\":\"Ev2\""));
            consume.terminate();
            assertThat(consume.exitCode()).isZero();
            assertThat(consume.err()).doesNotContain("\tat ");
        }
    }

    private int ready(SlacklineProcess serve) {
        try {
            return slack.get(serve.port(), "/health/ready").statusCode();
        } catch (Exception e) {
            throw new AssertionError("serve does not answer", e);
        }
    }

    private static String address() {
        return broker.address().getHostString() + ":" + broker.address().getPort();
    }

    private static String atTheBroker() {
        return broker.control("list_exchanges", "name") + broker.control("list_queues", "name");
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("QUEUE_BACKEND", "rabbitmq");
        environment.put("MQ_HOST", broker.address().getHostString());
        environment.put("MQ_PORT", Integer.toString(broker.address().getPort()));
        environment.put("MQ_USERNAME", RabbitMqBroker.USER);
        environment.put("MQ_PASSWORD", RabbitMqBroker.USER);
        environment.put("MQ_EXCHANGE", exchange);
        return environment;
    }
}
